using Google.Protobuf;
using Grpc.Core;
using Rewas.Cli.Output;
using Rewas.Client;
using Rewas.Clip.Files;
using Rewas.Jobs.Settings;
using Rewas.Rendering;
using Rewas.V1;

namespace Rewas.Cli.Batch;

/// <summary>Runs a manifest as a job and fetches each file as soon as it is made. Run again, it continues the same job.</summary>
/// <param name="folder">Folder of the outputs.</param>
/// <param name="videos">Folder of the videos.</param>
/// <param name="uploads">True to send the videos; otherwise the service reads them from the manifest's folder of videos.</param>
sealed class BatchRun(
    RewasClient client, BatchManifest manifest, string folder, string videos, bool uploads, IBatchProgress shown)
{
    const string Service = "Jobs";

    /// <summary>Attempts to reach a service that is restarting.</summary>
    const int MostRetries = 60;
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly Dictionary<int, JobItemStatus> items = [];
    (string Path, string VideoId)? uploaded;
    bool firstTold;

    /// <param name="estimate">The estimate before the start, if there is one.</param>
    /// <param name="cancel">Stops watching. The job itself continues where it is hosted.</param>
    /// <returns>The final state of the job, and its failures.</returns>
    public async Task<(Job Job, IReadOnlyList<(BatchItem Item, int Attempts, string Error)> Failures)> RunAsync(
        BatchEstimate estimate, CancellationToken cancel)
    {
        var job = await SubmitAsync(cancel);
        shown.Show(job, manifest.Items.Count, $"job {job.JobId}");
        var revision = 0L;
        var retries = 0;
        while (job.Ended is null || revision == 0)
        {
            try
            {
                using var call = client.Jobs.Watch(new() { JobId = job.JobId, AfterRevision = revision }, cancellationToken: cancel);
                await foreach (var happened in call.ResponseStream.ReadAllAsync(cancel))
                {
                    // An item that was taken before proves nothing: the fetch of one after it may fail each time.
                    if (happened.Item is not { } item || await TakeAsync(job, item, estimate, cancel))
                        retries = 0;
                    if (happened.Job is not { } now)
                        continue;
                    (job, revision) = (now, now.Revision);
                    shown.Show(job, manifest.Items.Count, estimate.Text);
                }
            }
            catch (RpcException failure)
            {
                await AgainAsync(failure, retries++, cancel);
            }
        }
        return (
            job,
            [
                .. items.Values.Where(item => item.State == ItemState.Failed)
                    .Select(item => (manifest.Items[item.Item], item.Attempts, item.Error)),
            ]);
    }

    /// <summary>The job of this manifest: the one that runs or has succeeded, or a new one. A new job reuses finished files.</summary>
    async Task<Job> SubmitAsync(CancellationToken cancel)
    {
        for (var (number, retries) = (0, 0); ;)
        {
            try
            {
                var job = await SubmitAsync($"batch-{manifest.Key}-{number}", cancel);
                if (job.State is not (JobState.Failed or JobState.Cancelled))
                    return job;
                (number, retries) = (number + 1, 0);
            }
            catch (RpcException failure)
            {
                await AgainAsync(failure, retries++, cancel);
            }
        }
    }

    async Task<Job> SubmitAsync(string key, CancellationToken cancel)
    {
        using var call = new DuplexCall<SubmitRequest, SubmitResponse>(client.Jobs.Submit(cancellationToken: cancel));
        await call.TryWriteAsync(
            new() { Start = new() { IdempotencyKey = key, Items = manifest.Items.Count, Name = "rewas batch" } }, cancel);
        while (await call.MoveNextAsync(cancel))
        {
            if (call.Current.Job is { } job)
            {
                await ForgetUploadAsync(cancel);
                return job;
            }
            var taken = call.Current.Taken;
            if (taken < manifest.Items.Count)
                await call.TryWriteAsync(new() { Item = await ItemAsync(manifest.Items[taken], cancel) }, cancel);
            if (uploads)
                shown.Show(null, manifest.Items.Count, $"sent {taken}");
        }
        throw new StageFailure(Service, StatusCode.Internal, "the answer ended without a job");
    }

    async Task<JobItem> ItemAsync(BatchItem item, CancellationToken cancel)
    {
        var wanted = item.Wanted.Clone();
        foreach (var recording in uploads ? wanted.References?.Recordings ?? [] : [])
            recording.Content = ByteString.CopyFrom(
                await File.ReadAllBytesAsync(ReadableFolder.Find(videos, recording.Path).FullName, cancel));
        if (item.Video is not { } video)
            return wanted;
        if (!uploads)
            wanted.Path = item.Path;
        else if (uploaded is var (path, videoId) && path == item.Path)       // lines of one video follow one another
            wanted.VideoId = videoId;
        else
        {
            await ForgetUploadAsync(cancel);
            wanted.VideoId = await UploadAsync(video, cancel);
            uploaded = (item.Path, wanted.VideoId);
        }
        return wanted;
    }

    async Task<string> UploadAsync(FileInfo video, CancellationToken cancel) => (await StudioUpload.SendAsync(
        client.Studio, VideoSource.FromFile(video.FullName), "video", cancellation: cancel)).VideoId;

    async Task ForgetUploadAsync(CancellationToken cancel)
    {
        if (uploaded is var (_, videoId))
            await client.Studio.DeleteVideoAsync(new() { VideoId = videoId }, cancellationToken: cancel);
        uploaded = null;
    }

    /// <returns>False if the item was in that state before.</returns>
    async Task<bool> TakeAsync(Job job, JobItemStatus item, BatchEstimate estimate, CancellationToken cancel)
    {
        var (line, isNew) = (manifest.Items[item.Item], item.State != items.GetValueOrDefault(item.Item)?.State);
        // Noted after it: if the fetch breaks off, the item comes again and is fetched again.
        if (isNew && item.State == ItemState.Succeeded)
            await FetchAsync(job, item, line, Path.Combine(folder, line.Output), cancel);
        items[item.Item] = item;
        if (!isNew)
            return false;
        if (item.State == ItemState.Succeeded)
        {
            if (!firstTold
                && !item.Result.Found
                && estimate.Measure(item, manifest.Items.Count - items.Values.Count(other => other.State == ItemState.Succeeded)))
                shown.Say(estimate.Text);
            firstTold |= !item.Result.Found;
            shown.Say(
                item.Result.Found
                    ? $"{line.Output}: made before"
                    : FormattableString.Invariant($"{line.Output}: made in {item.Result.Elapsed.ToTimeSpan().TotalSeconds:F1} s"));
        }
        else if (item.State == ItemState.Failed)
            shown.Say($"line {line.Line}, {line.Shown}: failed: {item.Error}");
        return true;
    }

    /// <summary>Fetches a file and its sidecar. Skips a file that already matches and has a sidecar.</summary>
    async Task FetchAsync(Job job, JobItemStatus item, BatchItem line, string path, CancellationToken cancel)
    {
        if (File.Exists(path) && File.Exists(path + ".json") && await FileHash.OfAsync(path, cancel) == item.Result.Sha256)
            return;
        using var sidecar = new MemoryStream();
        using var file = PartialFile.Create(path, "output");
        await using (var stream = File.Create(file.Path))
        {
            using var call = client.Jobs.Result(new() { JobId = job.JobId, Item = item.Item }, cancellationToken: cancel);
            await foreach (var part in call.ResponseStream.ReadAllAsync(cancel))
            {
                sidecar.Write(part.Sidecar.Span);
                await stream.WriteAsync(part.Chunk.Memory, cancel);
            }
        }
        file.Complete();
        if (sidecar.Length > 0)                                              // a service of an earlier release sends none
            await WriteSidecarAsync(sidecar.ToArray(), line, path, cancel);
    }

    /// <summary>Replaces the service's file names in the sidecar with the local ones.</summary>
    async Task WriteSidecarAsync(byte[] json, BatchItem line, string path, CancellationToken cancel)
    {
        var sidecar = Sidecar.Parse(json, "sidecar");
        var given = line.Wanted.References?.Recordings ?? [];
        var local = sidecar with
        {
            Output = path,
            Video = line.Video is { } video ? sidecar.Video with { File = video.FullName } : sidecar.Video,
            References = sidecar.References is { } references && references.Recordings.Count == given.Count
                ? references with
                {
                    Recordings = [.. references.Recordings.Zip(given, (used, named) => used with
                    {
                        File = Path.GetFullPath(Path.Combine(videos, named.Path)),
                    })],
                }
                : sidecar.References,
        };
        using var file = PartialFile.Create(path + ".json", "sidecar");
        await File.WriteAllTextAsync(file.Path, local.ToJson(), cancel);
        file.Complete();
    }

    /// <summary>
    /// Waits before another call. The calls have no deadline of their own: a gateway that gives each call a longest time ends one that goes
    /// on for longer with DEADLINE_EXCEEDED.
    /// </summary>
    static async Task AgainAsync(RpcException failure, int retries, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var told = StageFailure.From(Service, failure);
        if (told.Status is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded) || retries >= MostRetries)
            throw told;
        await Task.Delay(RetryDelay, cancel);
    }
}
