using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Hosting;
using Rewas.Jobs.Data;
using Rewas.Store.Files;
using Rewas.Jobs.Logging;
using Rewas.Jobs.Settings;
using Rewas.Rendering;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Jobs.Running;

/// <summary>Makes the file of an item, or finds the file that the same work made before.</summary>
public sealed class ItemMaker(
    RunTable runs,
    JobTable jobs,
    StoredFiles files,
    WorkingSpace space,
    ReadableFolder readable,
    JobStages stages,
    IOptions<JobsOptions> configured,
    ILogger<ItemMaker> log)
{
    const string VideoName = "video";

    readonly JobsOptions options = configured.Value;

    /// <summary>Name of this process in the records of executions.</summary>
    public static string Node { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>
    /// :: Step 1: copy the video, so that it cannot change any more. :: Step 2: look for an earlier result of this caller, by its key. ::
    /// Step 3: make the sound. :: Step 4: store the file before reporting it.
    /// </summary>
    /// <param name="caller">Owner of the job.</param>
    /// <param name="cancellation">Cancels the running step too.</param>
    /// <returns>The result, and true if it was found.</returns>
    public async Task<(ResultRow Result, bool Found)> MakeAsync(
        ItemRow item, long run, string caller, IProgress<GenerateProgress> progress, CancellationToken cancellation)
    {
        CallerHeader.ActFor(caller);
        var request = JobItem.Parser.ParseFrom(item.Request);
        using var copied = space.Reserve(caller, item.Video.Length > 0 ? item.VideoBytes : readable.Find(request.Path).Length);
        var folder = PrivateFolder.Create("rewas-job-");
        var reservation = "";
        try
        {
            // :: Step 1
            var video = folder.File("video");
            var sha256 = await CopyAsync(item, request, video, cancellation);
            var facts = await VideoProbe.ReadAsync(
                video, new VideoLimits { MaxDuration = options.MaxVideoDuration, MaxFileBytes = options.MaxVideoBytes }, cancellation);
            // Items with other names may find the result, so it must hold no names of this one.
            var clip = new VideoClip(video, facts) { Name = IsBlank(request) ? BlankVideo.Name : VideoName };
            if (IsBlank(request))
                clip = clip.AsBlank();
            var output = SoundFiles.In(folder, "sound", FormatOf(request));
            if (SoundMaker.ThrowUnlessHeld(clip, output) is { } leftOut)
                log.LeavesOut(item.Job, item.Item, leftOut);

            // :: Step 2
            var described = (await stages.Client.DescribeAsync(cancellation))[0];
            var key = ResultKey.Of(caller, sha256, await ItemReferences.HashedAsync(request, stages.References, cancellation), described);
            if (await FindAsync(key, cancellation) is { } known)
                return (known, true);

            // :: Step 3
            var most = output.MostBytes(
                new FileInfo(video).Length, facts.Duration, request.References is null ? SoundMix.UsualRate : SoundMix.HighestRate);
            using var room = space.Reserve(caller, 2 * most);                // the file, and what its sound is mixed from
            reservation = await jobs.ReserveAsync(caller, most, cancellation);
            await runs.MakingAsync(item, run, Node, cancellation);
            request.Options.Priority = Priority.Batch;
            var order = request.ToOrder();
            order.ThrowUnlessEditsFit(facts.Duration);
            using var open = stages.Offer(clip);
            var made = await stages.Maker.MakeFileAsync(
                order, clip with { Source = clip.Source with { Opened = open?.Token } }, output, new(), progress, cancellation);

            // :: Step 4
            return (await KeepAsync(key, output.Result, made, cancellation), false);
        }
        finally
        {
            if (reservation.Length > 0)
                await jobs.ReleaseAsync(reservation);
            folder.Dispose();
        }
    }

    public static string FormatOf(JobItem request) => request.Format.Length > 0 ? request.Format : SoundFiles.UsualFormat;

    static bool IsBlank(JobItem request) => request.VideoCase == JobItem.VideoOneofCase.BlankSeconds;

    /// <summary>The sidecar of a result, with the caller's own file names.</summary>
    /// <param name="json">The stored sidecar. Empty if an earlier release made the file.</param>
    /// <param name="request">The caller's request.</param>
    public static string SidecarFor(string json, JobItem request)
    {
        if (json.Length == 0)
            return "";
        var sidecar = Sidecar.Parse(Encoding.UTF8.GetBytes(json), "sidecar");
        return (sidecar with
        {
            Output = Path.GetExtension(request.Name) == Path.GetExtension(sidecar.Output) ? request.Name : sidecar.Output,
            Video = IsBlank(request) ? sidecar.Video : sidecar.Video with { File = request.Path.Length > 0 ? request.Path : VideoName },
        }).ToJson();
    }

    /// <summary>Copies the video.</summary>
    /// <returns>SHA-256 of the copy.</returns>
    async Task<string> CopyAsync(ItemRow item, JobItem request, string path, CancellationToken cancellation)
    {
        await using var from = item.Video.Length > 0
            ? await files.OpenAsync(item.Video, cancellation)
            : readable.Find(request.Path).OpenRead();
        await using var to = File.Create(path);
        return await HashedCopy.CopyAsync(from, to, options.MaxVideoBytes, cancellation);
    }

    /// <summary>The earlier result, if its file still exists.</summary>
    async Task<ResultRow?> FindAsync(string key, CancellationToken cancellation)
    {
        // A result of an earlier release has no sidecar, so it is made again.
        if (await runs.FindResultAsync(key, cancellation) is not { Sidecar.Length: > 0 } known)
            return null;
        try
        {
            await using var file = await files.OpenAsync(known.File, cancellation);
            return known;
        }
        catch (InputFault)
        {
            return null;
        }
    }

    async Task<ResultRow> KeepAsync(string key, string path, FileMade made, CancellationToken cancellation)
    {
        var bytes = new FileInfo(path).Length;
        var file = $"results/{key}{Path.GetExtension(path)}";
        await files.StoreAsync(file, owner: "", path, cancellation);
        return new(
            key,
            file,
            bytes,
            await FileHash.OfAsync(path, cancellation),
            made.Sidecar.Sound.Sha256,
            made.Result.Samples,
            made.Result.Sampler?.ToByteArray() ?? [],
            (long)made.Result.Elapsed.TotalMilliseconds,
            made.Sidecar.ToJson());
    }
}
