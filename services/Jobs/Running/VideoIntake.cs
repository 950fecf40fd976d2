using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Hosting;
using Rewas.Jobs.Data;
using Rewas.Jobs.Settings;
using Rewas.Store.Files;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Jobs.Running;

/// <summary>
/// Takes in the videos of items. An uploaded video is copied, because its lease in the studio may end first. A video named by path is
/// checked for existence. A black video is made for sound without a picture.
/// </summary>
public sealed class VideoIntake(
    JobStages stages, JobTable jobs, StoredFiles files, WorkingSpace space, BlankPlaces blanks, ReadableFolder readable,
    IOptions<JobsOptions> configured)
{
    readonly JobsOptions options = configured.Value;

    /// <summary>Takes the video of an item, and notes it while its bytes are still reserved.</summary>
    /// <param name="note">Receives key and length of the copied file; empty and 0 for a path.</param>
    /// <exception cref="InputFault">The video is missing or too large, or a quota is used up.</exception>
    /// <exception cref="RpcException">The studio refused the video.</exception>
    public async Task TakeAsync(JobItem item, string caller, Func<string, long, Task> note, CancellationToken cancellation)
    {
        switch (item.VideoCase)
        {
            case JobItem.VideoOneofCase.Path:
                var file = readable.Find(item.Path);
                if (file.Length > options.MaxVideoBytes)
                    throw InputFault.Exhausted(
                        "path", $"must have at most {options.MaxVideoBytes} bytes (MaxVideoBytes), but has {file.Length}");
                await note("", 0);
                break;
            case JobItem.VideoOneofCase.VideoId:
                await TakeOverAsync(item.VideoId, caller, note, cancellation);
                break;
            case JobItem.VideoOneofCase.BlankSeconds:
                await TakeBlankAsync(item.BlankSeconds, caller, note, cancellation);
                break;
            default:
                throw InputFault.Invalid("video", "must be given: video_id, path or blank_seconds");
        }
    }

    /// <summary>
    /// Takes uploaded recordings into the item, because their leases in the studio may end first. Recordings named by path are checked for
    /// existence.
    /// </summary>
    /// <exception cref="InputFault">A recording is missing, or too large for an item.</exception>
    /// <exception cref="RpcException">The studio refused an upload.</exception>
    public async Task TakeRecordingsAsync(JobItem item, string caller, CancellationToken cancellation)
    {
        CallerHeader.ActFor(caller);
        var recordings = item.References?.Recordings ?? [];
        var room = (long)ItemReferences.MostContentBytes;
        foreach (var recording in recordings)
        {
            if (recording.FromCase == ReferenceSound.FromOneofCase.Path)
                readable.Find(recording.Path);
            if (recording.FromCase == ReferenceSound.FromOneofCase.UploadId)
            {
                var announced = await stages.Studio.GetVideoAsync(new() { VideoId = recording.UploadId }, cancellationToken: cancellation);
                UploadStream.ThrowIfTooLarge("reference", announced.Bytes, room);
                using var bytes = new MemoryStream();
                await FetchAsync(recording.UploadId, announced.Bytes, bytes, cancellation);
                (recording.Name, recording.Content) = (
                    recording.Name.Length > 0 ? recording.Name : announced.FileName, ByteString.CopyFrom(bytes.ToArray()));
            }
            room -= recording.Content.Length;
        }
        if (room < 0)
            throw InputFault.Exhausted(
                "reference", $"the recordings of an item must have at most {ItemReferences.MostContentBytes} bytes, unless they are "
                + $"named by path or library_sha256, but have {ItemReferences.MostContentBytes - room}");
    }

    /// <summary>
    /// :: Step 1: reserve the bytes that the studio says. :: Step 2: copy the video and store it. :: Step 3: note it, then give the
    /// reservation back.
    /// </summary>
    async Task TakeOverAsync(string videoId, string caller, Func<string, long, Task> note, CancellationToken cancellation)
    {
        // :: Step 1
        CallerHeader.ActFor(caller);
        var announced = (await stages.Studio.GetVideoAsync(new() { VideoId = videoId }, cancellationToken: cancellation)).Bytes;
        UploadStream.ThrowIfTooLarge("video", announced, options.MaxVideoBytes);
        var reservation = await jobs.ReserveAsync(caller, announced, cancellation);
        try
        {
            // :: Step 2
            using var room = space.Reserve(caller, announced);
            using var folder = PrivateFolder.Create("rewas-job-");
            var path = folder.File("video");
            string sha256;
            await using (var to = File.Create(path))
                sha256 = await FetchAsync(videoId, announced, to, cancellation);
            var key = $"videos/{sha256}";
            await files.StoreAsync(key, owner: "", path, cancellation);

            // :: Step 3
            await note(key, new FileInfo(path).Length);
        }
        finally
        {
            await jobs.ReleaseAsync(reservation);
        }
    }

    /// <summary>Makes the black video that stands for no picture. The same length gives the same file, so it is stored once.</summary>
    async Task TakeBlankAsync(double seconds, string caller, Func<string, long, Task> note, CancellationToken cancellation)
    {
        InputFault.ThrowUnlessInRange("blank_seconds", seconds, WithoutPicture.Shortest, options.MaxVideoDuration.TotalSeconds);
        using var folder = PrivateFolder.Create("rewas-job-");
        var path = folder.File("video");
        using (await blanks.EnterAsync(caller, cancellation))
            await BlankVideo.WriteAsync(path, TimeSpan.FromSeconds(seconds), cancellation);
        var bytes = new FileInfo(path).Length;
        var reservation = await jobs.ReserveAsync(caller, bytes, cancellation);
        try
        {
            var key = $"videos/{await FileHash.OfAsync(path, cancellation)}";
            await files.StoreAsync(key, owner: "", path, cancellation);
            await note(key, bytes);
        }
        finally
        {
            await jobs.ReleaseAsync(reservation);
        }
    }

    async Task<string> FetchAsync(string videoId, long announced, Stream to, CancellationToken cancellation)
    {
        using var call = stages.Studio.FetchVideo(new() { VideoId = videoId }, cancellationToken: cancellation);
        await using var from = new UploadStream(
            call.ResponseStream.ReadAllAsync(cancellation).Select(part => part.Chunk).GetAsyncEnumerator(cancellation), "video", announced);
        return await HashedCopy.CopyAsync(from, to, announced, cancellation);
    }
}
