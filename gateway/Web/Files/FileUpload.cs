using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Gateway.Web.Files;

/// <summary>Passes the bytes of a request on to the studio as they come. Nothing is stored on the way.</summary>
sealed class FileUpload(SoundStudio.SoundStudioClient studio)
{
    const int PartBytes = 64 * 1024, LongestBoundary = 128, MostFields = 100, MostFieldBytes = 16 * 1024;

    static readonly TimeSpan LongestKeeping = TimeSpan.FromSeconds(30);

    /// <exception cref="InputFault">The announcement says no length.</exception>
    public async Task<StudioVideo> AnnounceAsync(string key, FileAnnouncement file, CancellationToken cancellation) =>
        await studio.CreateVideoAsync(
            new()
            {
                IdempotencyKey = key,
                FileName = file.Name,
                Bytes = file.Bytes ?? throw InputFault.Invalid("bytes", "must be given, but is absent"),
                Sha256 = file.Sha256,
            },
            cancellationToken: cancellation);

    /// <summary>Receives a file that is fetched. One that breaks off is deleted, unless a newer request fetches it too.</summary>
    /// <param name="bytes">Its length; null if it is known only at its end.</param>
    /// <param name="most">Most bytes that it may have.</param>
    public async Task<FileView> ReceiveFetchedAsync(string key, FileAnnouncement file, Stream body, long? bytes, long most)
    {
        var announced = await AnnounceAsync(key, file with { Bytes = bytes ?? most }, CancellationToken.None);
        try
        {
            return await ReceiveAsync(announced, body, bytes ?? most, ends: bytes is null);
        }
        catch (Exception failure) when (announced.Received == 0 && failure is not RpcException { StatusCode: StatusCode.Aborted })
        {
            await DeleteAsync(announced.VideoId);
            throw;
        }
    }

    async Task DeleteAsync(string id)
    {
        try
        {
            await studio.DeleteVideoAsync(new() { VideoId = id });
        }
        catch (RpcException)
        {
            // It is deleted when its lease ends.
        }
    }

    /// <summary>Receives a file that is the whole body.</summary>
    public async Task<FileView> ReceiveAsync(string key, string name, HttpRequest request)
    {
        var bytes = LengthOf(request);
        var announced = new FileAnnouncement { Bytes = bytes, Name = name, Sha256 = FileHeaders.Sha256Of(request) };
        // A client that has gone meanwhile may repeat the request with the same key, and finds what has come.
        var file = await AnnounceAsync(key, announced, CancellationToken.None);
        return await ReceiveAsync(file, request.Body, bytes, ends: false);
    }

    /// <summary>
    /// Receives the first file of a form. Its length is known only when it ends, so the studio first reserves the length of the whole form.
    /// </summary>
    /// <exception cref="InputFault">The form has no file, or cannot be read.</exception>
    public async Task<FileView> ReceiveFormAsync(string key, HttpRequest request, CancellationToken cancellation) =>
        await ReceiveFormAsync(key, request, fields: null, cancellation)
        ?? throw InputFault.Invalid("form", "must have a part with a file name, but has none");

    /// <inheritdoc cref="ReceiveFormAsync(string, HttpRequest, CancellationToken)"/>
    /// <param name="fields">Takes the texts of the form, before the file and after it. Null: nothing is read after the file.</param>
    /// <returns>Null if the form has no file.</returns>
    public async Task<FileView?> ReceiveFormAsync(
        string key, HttpRequest request, Dictionary<string, string>? fields, CancellationToken cancellation)
    {
        FileView? file = null;
        var most = LengthOf(request);
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        if (boundary is not { Length: > 0 and <= LongestBoundary })
            throw InputFault.Invalid("boundary", $"of the form must have 1 to {LongestBoundary} characters");
        try
        {
            var form = new MultipartReader(boundary, request.Body);
            while ((file is null || fields is not null) && await form.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                    continue;
                if (!disposition.FileName.HasValue && !disposition.FileNameStar.HasValue)
                {
                    await AddFieldAsync(fields, HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "", section, cancellation);
                    continue;
                }
                if (file is not null)
                    throw InputFault.Invalid("form", "must have one file, but has more");
                var announced = new FileAnnouncement { Bytes = most, Name = FileHeaders.NameOf(disposition) };
                file = await ReceiveAsync(await AnnounceAsync(key, announced, cancellation), section.Body, most, ends: true);
            }
            return file;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException && !cancellation.IsCancellationRequested)
        {
            throw InputFault.Invalid("form", "cannot be read as multipart/form-data", failure);
        }
    }

    static async Task AddFieldAsync(
        Dictionary<string, string>? fields, string name, MultipartSection section, CancellationToken cancellation)
    {
        if (fields is null)
            return;
        if (fields.Count == MostFields)
            throw InputFault.Exhausted("form", $"at most {MostFields} fields are accepted, but it has more");
        var text = new byte[MostFieldBytes + 1];
        var count = await section.Body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellation);
        if (count > MostFieldBytes)
            throw InputFault.Exhausted("form", $"a field must have at most {MostFieldBytes} bytes, but '{Shortened(name)}' has more");
        fields[name] = System.Text.Encoding.UTF8.GetString(text, 0, count);
    }

    static string Shortened(string name) => name.Length <= 40 ? name : name[..40] + "...";

    /// <summary>
    /// Sends a part of a file. All bytes that come before the client breaks off are kept, so the body is read until it ends or fails,
    /// whether its client is still there or not.
    /// </summary>
    /// <param name="body">Is read to its end.</param>
    /// <param name="count">Number of bytes, or more than there are if the file ends with the body.</param>
    /// <param name="hash">Takes the bytes; null for none.</param>
    /// <exception cref="RpcException">The studio refused them.</exception>
    /// <exception cref="InputFault">The body is shorter or longer.</exception>
    public async Task<StudioVideo> SendAsync(
        string id, long from, Stream body, long count, bool ends, IncrementalHash? hash = null)
    {
        using var call = new UploadCall<UploadVideoRequest, StudioVideo>(studio.UploadVideo());
        var sent = 0L;
        var goesOn = await call.TryWriteAsync(new() { Start = new() { VideoId = id, Offset = from } });
        while (goesOn)
        {
            // A new array for each part, because the call may still send the one before it.
            var buffer = new byte[PartBytes];
            int? came;
            try
            {
                came = await ReadAsync(body, buffer, call.Response);
            }
            catch
            {
                await KeepAsync(call);
                throw;
            }
            if (came is not { } read)
                return await call.Response;
            if (read == 0)
                break;
            if (sent + read > count)
                throw InputFault.Invalid("body", $"must have {count} bytes, but has more");
            hash?.AppendData(buffer, 0, read);
            goesOn = await call.TryWriteAsync(new() { Chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)) });
            sent += read;
        }
        if (goesOn && ends)
            goesOn = await call.TryWriteAsync(new() { End = true });
        else if (goesOn && sent < count)
        {
            await KeepAsync(call);
            throw InputFault.Invalid("body", $"must have {count} bytes, but has {sent}; the upload may go on from there");
        }
        if (goesOn)
            await call.TryCompleteAsync();
        return await call.Response;
    }

    /// <summary>Ends a request that still sends a file, and tells how much has come.</summary>
    public async Task<StudioVideo> SettleAsync(string id)
    {
        using var call = new UploadCall<UploadVideoRequest, StudioVideo>(studio.UploadVideo());
        if (await call.TryWriteAsync(new() { Start = new() { VideoId = id, Settle = true } }))
            await call.TryCompleteAsync();
        return await call.Response;
    }

    /// <summary>
    /// Reads the next bytes. A client that has fallen silent is not waited for when the studio has ended the call, because another request
    /// goes on with the file.
    /// </summary>
    /// <returns>Null if the studio has ended the call.</returns>
    static async Task<int?> ReadAsync(Stream body, byte[] buffer, Task<StudioVideo> answer)
    {
        using var stop = new CancellationTokenSource();
        var reading = body.ReadAsync(buffer, stop.Token).AsTask();
        if (reading.IsCompleted || await Task.WhenAny(reading, answer) == reading)
            return await reading;
        await stop.CancelAsync();
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return null;
    }

    /// <summary>Ends a call whose request has broken off. What was sent is kept.</summary>
    static async Task KeepAsync(UploadCall<UploadVideoRequest, StudioVideo> call)
    {
        try
        {
            await call.TryCompleteAsync();
            await call.Response.WaitAsync(LongestKeeping);
        }
        catch (Exception failure) when (failure is RpcException or TimeoutException)
        {
            // The client asks how much has come.
        }
    }

    async Task<FileView> ReceiveAsync(StudioVideo video, Stream body, long bytes, bool ends)
    {
        if (video.Received == video.Bytes && video.Received > 0)
            return FileView.Of(video);                                       // the same request came before
        if (video.Received > 0)
            throw InputFault.Precondition(
                "file", $"'{video.VideoId}' has {video.Received} of {video.Bytes} bytes; send the rest with PUT /v1/files/{video.VideoId}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var received = await SendAsync(video.VideoId, 0, body, bytes, ends, hash);
        return FileView.Of(received, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    static long LengthOf(HttpRequest request) =>
        request.ContentLength ?? throw new BadHttpRequestException(
            "Content-Length: must be given; announce the file as JSON to send it in parts", StatusCodes.Status411LengthRequired);
}
