using Grpc.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Ranges;
using Rewas.Gateway.Web.Settings;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>The file of a sound: finished, or while it is made.</summary>
static class SoundContent
{
    const string Live = "live";

    /// <summary>Sends the file, or the part that is asked for. While the sound is made, its end is waited for.</summary>
    public static async Task ReadAsync(
        string id, HttpContext context, CallerServices services, IOptions<WebOptions> options,
        [FromQuery] int? candidate, [FromQuery] string? stem, [AsParameters] ContentForm form)
    {
        if (stem == Live)
        {
            if (candidate is not null and not 0 || !form.IsPlainWave)
                throw InputFault.Invalid("stem", "live is the first candidate as wav; other parameters must be absent");
            await LiveWave.SendAsync(id, context, services.Studio);
            return;
        }
        var cancellation = context.RequestAborted;
        var request = new ExportRequest { RenderId = id, Rank = candidate ?? 0, Stem = stem ?? "" };
        form.NameOr("");                                                     // a wrong name is told before anything is made
        await form.SetAsync(request, services.Studio, cancellation);
        if (request.Stem.Length > 0 && request.Format.Length == 0)
            request.Format = "wav";

        // The first call names the file. The part that is asked for is known only then, so a second call may fetch it.
        var head = services.Studio.Export(request, cancellationToken: cancellation);
        try
        {
            ExportedFile? file;
            try
            {
                file = await FileOfAsync(head, cancellation, context.Response);
            }
            catch (RpcException failure) when (failure.StatusCode == StatusCode.FailedPrecondition)
            {
                if (!await IsBeingMadeAsync(id, services.Studio, cancellation))
                    throw;
                await WaitPreference.EndOfAsync(services.Studio, id, options.Value.LongestWait, cancellation);
                head.Dispose();
                head = services.Studio.Export(request, cancellationToken: cancellation);
                file = await FileOfAsync(head, cancellation, context.Response);
            }
            if (file is null
                || RangedAnswer.Begin(
                    context, file.Bytes, file.Sha256, MediaTypeOf(file.Format),
                    form.NameOr(NameOf(request.Stem, file.Format))) is not { } part)
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

    static async Task<bool> IsBeingMadeAsync(string render, SoundStudio.SoundStudioClient studio, CancellationToken cancellation) =>
        (await studio.GetRenderAsync(new() { RenderId = render }, cancellationToken: cancellation)).State
            is RenderState.Queued or RenderState.Running;

    /// <summary>The description of the file, which comes before its bytes.</summary>
    /// <param name="response">Is told what the file leaves out; null for none.</param>
    public static async Task<ExportedFile?> FileOfAsync(
        AsyncServerStreamingCall<ExportChunk> call, CancellationToken cancellation, HttpResponse? response = null)
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

    /// <summary>A timeline names the stems like this.</summary>
    static string NameOf(string stem, string format) => stem.Length > 0 ? $"sound.{stem}.{format}" : $"sound.{format}";

    public static string MediaTypeOf(string format) => format switch
    {
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "mkv" => "video/x-matroska",
        "webm" => "video/webm",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "otio" => "application/json",
        "otioz" => "application/zip",
        "edl" => "text/plain",
        "fcpxml" => "application/xml",
        _ => "application/octet-stream",
    };
}
