using Microsoft.AspNetCore.Mvc;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Ranges;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>The file of a sound: finished, or while it is made.</summary>
static class SoundContent
{
    const string Live = "live";

    public static async Task ReadAsync(
        string id, HttpContext context, CallerServices services,
        [FromQuery] int? candidate, [FromQuery] string? stem, [FromQuery] string? format)
    {
        if (stem == Live)
        {
            if (candidate is not null and not 0 || format is not null and not "wav")
                throw InputFault.Invalid("stem", "live is the first candidate as wav; candidate and format must be absent");
            await LiveWave.SendAsync(id, context, services.Studio);
            return;
        }
        var cancellation = context.RequestAborted;
        var request = new ExportRequest { RenderId = id, Format = format ?? "", Rank = candidate ?? 0, Stem = stem ?? "" };
        if (request.Stem.Length > 0 && request.Format.Length == 0)
            request.Format = "wav";

        // The first call names the file. The part that is asked for is known only then, so a second call may fetch it.
        var head = services.Studio.Export(request, cancellationToken: cancellation);
        try
        {
            if (await FileOfAsync(head, cancellation, context.Response) is not { } file
                || RangedAnswer.Begin(context, file.Bytes, file.Sha256, MediaTypeOf(file.Format), $"sound.{file.Format}") is not { } part)
                return;
            if (part.Count < file.Bytes)
            {
                head.Dispose();
                head = services.Studio.Export(
                    new ExportRequest(request) { FromByte = part.From, ByteCount = part.Count }, cancellationToken: cancellation);
            }
            while (await head.ResponseStream.MoveNext(cancellation))
                await context.Response.Body.WriteAsync(head.ResponseStream.Current.Chunk.Memory, cancellation);
        }
        finally
        {
            head.Dispose();
        }
    }

    /// <summary>The description of the file, which comes before its bytes.</summary>
    /// <param name="response">Is told what the file leaves out; null for none.</param>
    public static async Task<ExportedFile?> FileOfAsync(
        Grpc.Core.AsyncServerStreamingCall<ExportChunk> call, CancellationToken cancellation, HttpResponse? response = null)
    {
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            var chunk = call.ResponseStream.Current;
            if (chunk.LeftOut.Length > 0 && response is not null)
                response.Headers["Rewas-Left-Out"] = Uri.EscapeDataString(chunk.LeftOut);
            if (chunk.File is { } file)
                return file;
        }
        return null;
    }

    public static string MediaTypeOf(string format) => format switch
    {
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "mkv" => "video/x-matroska",
        "webm" => "video/webm",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        _ => "application/octet-stream",
    };
}
