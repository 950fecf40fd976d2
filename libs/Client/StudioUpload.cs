using Google.Protobuf;
using Grpc.Core;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>Uploads a video to the studio. An upload that breaks off goes on where it stopped, at any replica.</summary>
public static class StudioUpload
{
    const int MostNameCharacters = 255;

    /// <param name="name">For messages only.</param>
    /// <param name="patience">Longest time without a studio that can be reached. Default: 2 minutes.</param>
    /// <returns>The video, with all of its bytes received.</returns>
    /// <exception cref="RpcException">The studio refused the video, or could not be reached for too long.</exception>
    public static async Task<StudioVideo> SendAsync(
        SoundStudio.SoundStudioClient studio, VideoSource video, string name, TimeSpan? patience = null,
        CancellationToken cancellation = default)
    {
        var create = new CreateVideoRequest
        {
            IdempotencyKey = Guid.NewGuid().ToString("n"),
            FileName = name.Length > MostNameCharacters ? name[^MostNameCharacters..] : name,
            Bytes = video.Bytes ?? throw new ArgumentException("its length must be known", nameof(video)),
            Sha256 = await video.Sha256Async(cancellation),
        };
        return await Reconnecting.For(patience).ExecuteAsync(
            async stop =>
            {
                // The same key finds the video of the attempt before, and says how much of it has come.
                var created = await studio.CreateVideoAsync(create, cancellationToken: stop);
                return created.Received == created.Bytes ? created : await SendRestAsync(studio, video, created, stop);
            },
            cancellation);
    }

    static async Task<StudioVideo> SendRestAsync(
        SoundStudio.SoundStudioClient studio, VideoSource video, StudioVideo created, CancellationToken cancellation)
    {
        using var call = new UploadCall<UploadVideoRequest, StudioVideo>(studio.UploadVideo(cancellationToken: cancellation));
        await using var file = await video.OpenFromAsync(created.Received, cancellation);
        var goesOn = await call.TryWriteAsync(
            new() { Start = new() { VideoId = created.VideoId, Offset = created.Received } }, cancellation);
        var chunk = new byte[MessageLimits.ChunkBytes];
        for (int read; goesOn && (read = await file.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellation)) > 0;)
            goesOn = await call.TryWriteAsync(new() { Chunk = ByteString.CopyFrom(chunk, 0, read) }, cancellation);
        if (goesOn)
            await call.TryCompleteAsync(cancellation);
        return await call.Response;
    }
}
