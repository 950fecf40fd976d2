using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Faults;
using Rewas.Jobs.Data;
using Rewas.Jobs.Files;
using Rewas.SoundStudio;
using Rewas.Studio;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Jobs.Running;

/// <summary>Makes the file of an item, unless the same was made before.</summary>
public sealed class ItemMaker(
    RunTable runs, JobTable jobs, IJobFiles files, ReadableFolder readable, JobStages stages, Lazy<CandidateJudge> judge, IOptions<JobsOptions> configured, ILogger<ItemMaker> log)
{
    readonly JobsOptions options = configured.Value;

    /// <summary>By which the executions of this process are told from those of others.</summary>
    public static string Node { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>
    /// :: Step 1: the video's bytes, so that they cannot change any more. :: Step 2: what was made before is found by the hash of all that it depends on. :: Step 3: the sound.
    /// :: Step 4: the file, kept before anybody is told of it.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="run">Number of the run.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Ends it, down to the running step.</param>
    /// <returns>What was made, and whether it was found.</returns>
    public async Task<(ResultRow Result, bool Found)> MakeAsync(ItemRow item, long run, string caller, IProgress<GenerateProgress> progress, CancellationToken cancellation)
    {
        var request = JobItem.Parser.ParseFrom(item.Request);
        var folder = PrivateFolder.Create("rewas-job-");
        try
        {
            // :: Step 1
            var video = Path.Combine(folder.Path, "video");
            var sha256 = await CopyAsync(item, request, video, cancellation);
            var facts = await VideoProbe.ReadAsync(video, new VideoLimits { MaxDuration = options.MaxVideoDuration, MaxFileBytes = options.MaxVideoBytes }, cancellation);
            StudioExport.ThrowUnlessHeld(facts, FormatOf(request));
            if (StudioExport.LeftOut(facts, FormatOf(request)) is { } leftOut)
                log.LeavesOut(item.Job, item.Item, leftOut);

            // :: Step 2
            var described = (await stages.Client.DescribeAsync(cancellation))[0];
            if (await FindAsync(ResultKey.Of(sha256, request, described), cancellation) is { } known)
                return (known, true);

            // :: Step 3
            await runs.MakingAsync(item, run, Node, cancellation);
            request.Options.Priority = Priority.Batch;
            var order = StudioOrder.Of(request.Options, request.Curve, request.Edits, request.Environment, video, facts, known: null);
            await using var layers = new SoundLayers();
            var made = await SoundMaking.MakeAsync(stages.Client, order, layers, order.Candidates > 1 ? judge.Value : null, progress, cancellation);

            // :: Step 4
            var path = await StudioExport.WriteAsync(new() { Format = FormatOf(request), Finish = request.Finish }, made, video, facts, folder.Path, cancellation);
            return (await KeepAsync(ResultKey.Of(sha256, request, made.Result.Stages[0]), path, made, caller, cancellation), false);
        }
        finally
        {
            folder.Dispose();
        }
    }

    public static string FormatOf(JobItem request) => request.Format.Length > 0 ? request.Format : "mp4";

    /// <summary>Copies the video.</summary>
    /// <returns>Its SHA-256.</returns>
    async Task<string> CopyAsync(ItemRow item, JobItem request, string path, CancellationToken cancellation)
    {
        await using var from = item.Video.Length > 0 ? await files.OpenAsync(item.Video, cancellation) : readable.Find(request.Path).OpenRead();
        await using var to = File.Create(path);
        return await HashedCopy.CopyAsync(from, to, options.MaxVideoBytes, cancellation);
    }

    /// <summary>What was made before, if its file is still there.</summary>
    async Task<ResultRow?> FindAsync(string key, CancellationToken cancellation)
    {
        if (await runs.FindResultAsync(key, cancellation) is not { } known)
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

    async Task<ResultRow> KeepAsync(string key, string path, MadeSound made, string caller, CancellationToken cancellation)
    {
        var bytes = new FileInfo(path).Length;
        await jobs.ThrowUnlessRoomAsync(caller, bytes, cancellation);
        var file = $"results/{key}{Path.GetExtension(path)}";
        await jobs.TouchFileAsync(file, cancellation);
        await files.StoreAsync(file, path, cancellation);
        return new(
            key,
            file,
            bytes,
            await FileHash.OfAsync(path, cancellation),
            made.Candidates[0].Sound.Sha256,
            made.Result.Samples,
            made.Result.Sampler!.ToByteArray(),
            (long)made.Result.Elapsed.TotalMilliseconds);
    }
}
