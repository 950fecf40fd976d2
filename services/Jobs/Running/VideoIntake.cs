using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Hosting;
using Rewas.Jobs.Data;
using Rewas.Jobs.Files;
using Rewas.Jobs.Settings;
using Rewas.V1;

namespace Rewas.Jobs.Running;

/// <summary>
/// Takes in the videos of items. An uploaded video is copied, because its lease in the studio may end first. A video named by path is
/// checked for existence.
/// </summary>
public sealed class VideoIntake(JobStages stages, JobTable jobs, IJobFiles files, ReadableFolder readable, IOptions<JobsOptions> configured)
{
    readonly JobsOptions options = configured.Value;

    /// <returns>Key and length of the copied file; empty and 0 for a path.</returns>
    /// <exception cref="InputFault">The video is missing or too large, or a quota is used up.</exception>
    /// <exception cref="RpcException">The studio refused the video.</exception>
    public async Task<(string Key, long Bytes)> TakeAsync(JobItem item, string caller, CancellationToken cancellation)
    {
        switch (item.VideoCase)
        {
            case JobItem.VideoOneofCase.Path:
                var file = readable.Find(item.Path);
                return file.Length <= options.MaxVideoBytes
                    ? ("", 0)
                    : throw InputFault.Exhausted(
                        "path", $"must have at most {options.MaxVideoBytes} bytes (MaxVideoBytes), but has {file.Length}");
            case JobItem.VideoOneofCase.VideoId:
                return await TakeOverAsync(item.VideoId, caller, cancellation);
            default:
                throw InputFault.Invalid("video", "must be given: video_id or path");
        }
    }

    async Task<(string Key, long Bytes)> TakeOverAsync(string videoId, string caller, CancellationToken cancellation)
    {
        var folder = PrivateFolder.Create("rewas-job-");
        try
        {
            var path = Path.Combine(folder.Path, "video");
            string sha256;
            await using (var to = File.Create(path))
                sha256 = await FetchAsync(videoId, caller, to, cancellation);
            var bytes = new FileInfo(path).Length;
            await jobs.ThrowUnlessRoomAsync(caller, bytes, cancellation);
            var key = $"videos/{sha256}";
            await jobs.TouchFileAsync(key, cancellation);
            await files.StoreAsync(key, path, cancellation);
            return (key, bytes);
        }
        finally
        {
            folder.Dispose();
        }
    }

    async Task<string> FetchAsync(string videoId, string caller, Stream to, CancellationToken cancellation)
    {
        CallerHeader.ActFor(caller);
        using var call = stages.Studio.FetchVideo(new() { VideoId = videoId }, cancellationToken: cancellation);
        await using var from = new UploadStream(
            call.ResponseStream.ReadAllAsync(cancellation).Select(part => part.Chunk).GetAsyncEnumerator(cancellation),
            "video",
            options.MaxVideoBytes);
        return await HashedCopy.CopyAsync(from, to, options.MaxVideoBytes, cancellation);
    }
}
