using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Store.Files;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>Receives the bytes of a video. What has come is kept, however the call ends.</summary>
public sealed class VideoUpload(
    LeasedVideos videos, StoredParts parts, RunningUploads uploads, TimeProvider time, IOptions<SoundStudioOptions> configured)
{
    /// <summary>Silence after which what has come is stored, so that other replicas know of it too.</summary>
    static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);

    readonly SoundStudioOptions options = configured.Value;

    /// <param name="messages">The messages of the call.</param>
    /// <returns>Whether the last message said that the file ends.</returns>
    /// <exception cref="InputFault">The upload does not go on where the file ends, or is too large.</exception>
    /// <exception cref="RpcException">ABORTED: a newer call goes on with the file.</exception>
    public async Task<bool> ReceiveAsync(
        UploadStart start, IAsyncStreamReader<UploadVideoRequest> messages, string caller, CancellationToken cancellation)
    {
        if (start.Settle)
        {
            await uploads.EndAsync(start.VideoId, cancellation);
            return false;
        }
        using var running = await uploads.BeginAsync(start.VideoId, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, running.TakenOver);
        try
        {
            var video = await videos.FindAsync(start.VideoId, caller, stop.Token);
            running.Received = video.Received;
            if (start.Offset != video.Received)
                throw InputFault.Precondition("offset", $"must be {video.Received}, the bytes that have come, but is {start.Offset}");
            await using var upload = new PartUpload(parts, video.Id, LeasedVideo.PartsName, video.Received, "video");
            await using var incoming = messages.WithIdleTimeout(options.IdleTimeout, stop.Token).GetAsyncEnumerator(stop.Token);
            var ends = false;
            while (await NextAsync(incoming, upload, stop) && !(ends = incoming.Current.End))
            {
                if (upload.Received + incoming.Current.Chunk.Length > video.Bytes)
                    throw InputFault.Invalid("chunk", $"must end with the {video.Bytes} bytes that were announced, but goes on");
                await upload.WriteAsync(incoming.Current.Chunk, options.MaxVideoBytes, nameof(options.MaxVideoBytes), stop.Token);
                running.Received = upload.Received;
            }
            await upload.StoreAsync(stop.Token);
            return ends;
        }
        catch (OperationCanceledException) when (running.TakenOver.IsCancellationRequested)
        {
            throw new RpcException(new(StatusCode.Aborted, "a newer call goes on with this file"));
        }
    }

    async Task<bool> NextAsync(IAsyncEnumerator<UploadVideoRequest> incoming, PartUpload upload, CancellationTokenSource stop)
    {
        var next = incoming.MoveNextAsync().AsTask();
        try
        {
            return await next.WaitAsync(QuietTime, time);
        }
        catch (TimeoutException)
        {
        }
        try
        {
            await upload.StoreAsync(stop.Token);
        }
        catch
        {
            // The messages cannot be disposed of while one is waited for.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        return await next;
    }
}
