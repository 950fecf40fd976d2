using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Jobs.Data;
using Rewas.Store.Files;
using Rewas.Jobs.Running;
using Rewas.Jobs.Settings;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.Text.Words;
using Rewas.V1;

namespace Rewas.Jobs;

/// <summary>The gRPC service of the jobs.</summary>
public sealed class JobsService(
    JobTable jobs, IStoredFiles files, VideoIntake intake, IHostApplicationLifetime host, IOptions<JobsOptions> configured)
    : V1.Jobs.JobsBase
{
    const int DefaultPage = 100, LargestPage = 1000, ChangesAtATime = 200;

    /// <summary>Requests up to this size are bounded by the number of items alone. Larger ones count against the quota.</summary>
    const int SmallItemBytes = 16 * 1024;

    /// <summary>A watch sends something at least this often, so that no proxy closes it as idle.</summary>
    static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    readonly JobsOptions options = configured.Value;

    public override Task<DescribeJobsResponse> DescribeJobs(DescribeJobsRequest request, ServerCallContext context) =>
        Task.FromResult(new DescribeJobsResponse
        {
            Limits =
        {
            StageDescription.Limit(nameof(options.MaxJobsPerCaller), options.MaxJobsPerCaller, "jobs"),
            StageDescription.Limit(nameof(options.MaxItemsPerJob), options.MaxItemsPerJob, "items"),
            StageDescription.Limit(nameof(options.MaxItemsPerCaller), options.MaxItemsPerCaller, "items"),
            StageDescription.Limit(nameof(options.MaxVideoBytes), options.MaxVideoBytes, "bytes"),
            StageDescription.Limit(nameof(options.MaxVideoDuration), options.MaxVideoDuration.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.MaxBytesPerCaller), options.MaxBytesPerCaller, "bytes"),
            StageDescription.Limit(nameof(options.MaxAttempts), options.MaxAttempts, "attempts"),
            StageDescription.Limit(nameof(options.Retention), options.Retention.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
        },
        });

    public override async Task Submit(
        IAsyncStreamReader<SubmitRequest> requestStream, IServerStreamWriter<SubmitResponse> responseStream, ServerCallContext context)
    {
        var (caller, cancellation) = (context.Caller(), context.CancellationToken);
        await using var incoming = requestStream.WithIdleTimeout(options.IdleTimeout, cancellation).GetAsyncEnumerator(cancellation);
        var start = await incoming.MoveNextAsync() && incoming.Current.Start is { } given
            ? given
            : throw InputFault.Invalid("start", "must be the first message");
        var job = await jobs.OpenAsync(caller, start, cancellation);
        await responseStream.WriteAsync(new() { Taken = (int)job.Taken }, cancellation);
        if (job.State == (long)JobState.Submitting)
        {
            for (var number = job.Taken; number < job.Items; number++)
            {
                var item = await incoming.MoveNextAsync() && incoming.Current.Item is { } next
                    ? next
                    : throw InputFault.Invalid(
                        "items", $"must be {job.Items} as announced, but {number} have arrived; submit the rest with the same key");
                await TakeAsync(job, number, item, caller, cancellation);
                await responseStream.WriteAsync(new() { Taken = (int)number + 1 }, cancellation);
            }
            job = await jobs.SubmittedAsync(job, cancellation);
        }
        await responseStream.WriteAsync(new() { Job = job.ToMessage(options.Retention) }, cancellation);
    }

    public override async Task Watch(WatchJobRequest request, IServerStreamWriter<JobEvent> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        if (request.AfterRevision < 0)
            throw InputFault.Invalid("after_revision", $"must be at least 0, but is {request.AfterRevision}");
        var (after, afterItem, told, spoken) = (request.AfterRevision, long.MaxValue, -1L, Stopwatch.GetTimestamp());
        while (true)
        {
            // Read before the items. Changes in between are reported next time.
            var job = await jobs.FindAsync(context.Caller(), request.JobId, cancellation);
            if (job.Revision != told || Stopwatch.GetElapsedTime(spoken) > LongestSilence)
            {
                for (var more = true; more;)
                {
                    var changes = await jobs.ChangesAsync(job, after, afterItem, ChangesAtATime, cancellation);
                    foreach (var item in changes)
                        await responseStream.WriteAsync(new() { Item = item.ToMessage() }, cancellation);
                    if (changes.Count > 0)
                        (after, afterItem) = (changes[^1].Revision, changes[^1].Item);
                    more = changes.Count == ChangesAtATime;
                }
                await responseStream.WriteAsync(new() { Job = job.ToMessage(options.Retention) }, cancellation);
                (told, spoken) = (job.Revision, Stopwatch.GetTimestamp());
            }
            if (job.HasEnded)
                return;
            if (host.ApplicationStopping.IsCancellationRequested)
                throw new RpcException(new(StatusCode.Unavailable, "the service is stopping; the job continues: watch it again"));
            await Task.Delay(options.PollInterval, cancellation);
        }
    }

    public override async Task<Job> Cancel(CancelJobRequest request, ServerCallContext context) =>
        (await jobs.CancelAsync(context.Caller(), request.JobId, context.CancellationToken)).ToMessage(options.Retention);

    public override async Task<ListJobsResponse> List(ListJobsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage)
            throw InputFault.Invalid("page_size", $"must be from 0 to {LargestPage}, but is {request.PageSize}");
        var (found, next) = await jobs.ListAsync(
            context.Caller(), request.PageSize == 0 ? DefaultPage : request.PageSize, request.Page, context.CancellationToken);
        return new() { Jobs = { found.Select(job => job.ToMessage(options.Retention)) }, NextPage = next };
    }

    public override async Task Result(JobResultRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var job = await jobs.FindAsync(context.Caller(), request.JobId, cancellation);
        var item = await jobs.ItemAsync(job, request.Item, cancellation);
        if (item.File is null)
            throw InputFault.Precondition("item", $"must have succeeded, but is {(ItemState)item.State}");
        await using var file = await files.OpenAsync(item.File, cancellation);
        await responseStream.SendSidecarAsync(
            ItemMaker.SidecarFor(await jobs.SidecarAsync(item, cancellation), JobItem.Parser.ParseFrom(item.Request)), cancellation);
        await responseStream.SendAsync(file, cancellation);
    }

    async Task TakeAsync(JobRow job, long number, JobItem item, string caller, CancellationToken cancellation)
    {
        try
        {
            ThrowIfInvalid(item);
            await intake.TakeRecordingsAsync(item, caller, cancellation);
            var reservation = item.CalculateSize() is > SmallItemBytes and var size
                ? await jobs.ReserveAsync(caller, size, cancellation)
                : null;
            try
            {
                await intake.TakeAsync(
                    item, caller, (video, bytes) => jobs.AddItemAsync(job, number, item, video, bytes, cancellation), cancellation);
            }
            finally
            {
                if (reservation is not null)
                    await jobs.ReleaseAsync(reservation);
            }
        }
        catch (InputFault fault) when (!fault.Field.StartsWith("items", StringComparison.Ordinal))
        {
            throw new InputFault(fault.Kind, $"items[{number}]", fault.Message, fault);
        }
    }

    /// <summary>Fills in what an item without a picture lacks: its format, its control or its curve.</summary>
    static void CompleteWithoutPicture(JobItem item)
    {
        if (item.Options is null)
            throw InputFault.Invalid("options", "must be given, but are absent");
        var order = item.ToOrder();
        WithoutPicture.Complete(order, item.BlankSeconds, "blank_seconds");
        (item.Format, item.Curve, item.Options) = (order.Format, order.Curve, order.Options);
    }

    /// <summary>Finds every fault of an item that can be known before its turn.</summary>
    static void ThrowIfInvalid(JobItem item)
    {
        JobTable.ThrowUnlessName(item.Name);
        if (item.VideoCase == JobItem.VideoOneofCase.BlankSeconds)
            CompleteWithoutPicture(item);
        OrderCheck.ThrowIfWrong(item.ToOrder());
        OrderWords.ThrowIfWrong(item.ToOrder());
        SoundFiles.ThrowUnlessFormat(ItemMaker.FormatOf(item));
        item.Curve?.ToCurve();
        item.Edits.ToEdits();
    }
}
