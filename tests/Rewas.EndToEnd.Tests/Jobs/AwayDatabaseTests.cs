using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Store.Files;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>A database, a disk or a quota that fails for a while costs no result.</summary>
public sealed class AwayDatabaseTests(StagesHost stages) : IClassFixture<StagesHost>
{
    [Fact]
    public async Task A_database_that_is_away_when_an_item_ends_costs_no_attempt()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:MaxAttempts", "1"));
        var job = await node.SubmitAsync(JobsNode.Item(stages.Clip("away.mp4"), steps: 1000));
        await node.WatchAsync(job.JobId, until: happened => happened.Item is { Step: > 0 });
        await using (await node.WithoutDatabaseAsync())
            await Wait.UntilAsync(() => node.Log.Contains("the end of an item is tried again"), "the item has ended without a database");

        var (ended, items) = await node.WatchAsync(job.JobId);
        Assert.Equal((JobState.Succeeded, ItemState.Succeeded, 1), (ended.State, items[0].State, items[0].Attempts));
        Assert.Equal((0L, "succeeded"), Assert.Single(await node.ExecutionsAsync(job.JobId)));
    }

    [Fact]
    public async Task A_database_that_is_away_between_two_items_costs_no_attempt()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(
            stages, folder.Path, ("Jobs:MaxAttempts", "1"), ("Jobs:MaxParallelItems", "2"));
        // Of two workers, one waits for work while the other one samples.
        var job = await node.SubmitAsync(
            [.. Enumerable.Range(0, 4).Select(i => JobsNode.Item(stages.Clip("between.mp4"), (ulong)i, steps: i == 0 ? 200 : 1))]);
        await node.WatchAsync(job.JobId, until: happened => happened.Job is { Succeeded: >= 1 });
        await using (await node.WithoutDatabaseAsync())
            await Wait.UntilAsync(() => node.Log.Contains("is tried again"), "somebody has noticed");

        var (ended, items) = await node.WatchAsync(job.JobId);
        Assert.Equal((JobState.Succeeded, 4), (ended.State, ended.Succeeded));
        Assert.All(items.Values, item => Assert.Equal(1, item.Attempts));
    }

    [Fact]
    public async Task One_database_error_ends_no_watch_so_a_cancellation_still_reaches_the_running_step()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:MaxRunningJobs", "1"), ("Jobs:MaxParallelItems", "1"));
        var clip = stages.Clip("watch.mp4");
        var endless = await node.SubmitAsync(JobsNode.Item(clip, steps: 1000));
        var next = await node.SubmitAsync(JobsNode.Item(clip, seed: 1));
        await node.WatchAsync(endless.JobId, until: happened => happened.Item is { Step: > 0 });
        await using (await node.WithoutDatabaseAsync())
            await Wait.UntilAsync(() => node.Log.Contains("Looking for work failed"), "a look has failed");

        await node.Client.CancelAsync(new() { JobId = endless.JobId });
        // The one place for jobs is free again, so the cancelled run has stopped.
        Assert.Equal(JobState.Succeeded, (await node.WatchAsync(next.JobId)).Job.State);
    }

    [Fact]
    public async Task A_call_while_the_database_is_away_is_told_to_try_again()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        await using (await node.WithoutDatabaseAsync())
            await node.Client.ListAsync(new()).ResponseAsync.Fails(StatusCode.Unavailable, "the database is away");
        Assert.Empty((await node.Client.ListAsync(new())).Jobs);
    }

    [Fact]
    public async Task A_file_that_a_sweep_cannot_delete_ends_no_host()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:Retention", "00:00:04"));
        var clip = stages.Clip("stubborn.mp4");
        var job = await node.SubmitAsync(JobsNode.Item(clip));
        Assert.Equal(JobState.Succeeded, (await node.WatchAsync(job.JobId)).Job.State);
        var file = Assert.Single(Directory.GetFiles(folder.File("files"), "*.wav", SearchOption.AllDirectories));
        File.Delete(file);
        Directory.CreateDirectory(file);                                     // deleting a file there is refused

        await Wait.UntilAsync(() => node.Log.Contains("Looking for work failed"), "a sweep has failed");
        Assert.Equal(
            JobState.Succeeded, (await node.WatchAsync((await node.SubmitAsync(JobsNode.Item(clip, seed: 1))).JobId)).Job.State);
        Directory.Delete(file);
        await Wait.UntilAsync(
            () => Directory.GetFiles(folder.File("files"), "*", SearchOption.AllDirectories).Length == 0,
            "later sweeps have deleted the rest");
    }

    [Fact]
    public async Task The_bytes_of_a_submission_are_reserved_before_they_are_written()
    {
        using var folder = new TemporaryFolder();
        var clip = stages.Clip("reserved.mp4");
        var bytes = new FileInfo(clip).Length;
        await using var node = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:MaxBytesPerCaller", $"{Math.Max(1024, bytes)}"));
        // The studio has more bytes announced than the quota. They are refused by the announcement, though none has come.
        var video = await stages.Studio.CreateVideoAsync(
            new() { IdempotencyKey = Guid.NewGuid().ToString(), Bytes = Math.Max(1024, bytes) + 1 },
            cancellationToken: TestContext.Current.CancellationToken);
        await node.SubmitAsync(new JobItem(JobsNode.Item(clip)) { VideoId = video.VideoId }).Fails(
            StatusCode.ResourceExhausted, "items[0]: bytes: of a caller's videos, requests and results must be at most");
        Assert.False(Directory.Exists(folder.File("files/videos")));
    }

    [Fact]
    public async Task An_item_waits_for_room_without_an_attempt_and_fails_when_there_is_none_for_an_hour()
    {
        const int Room = 1 << 20;
        using var folder = new TemporaryFolder();
        var time = new ForwardTime();
        await using var node = await JobsNode.StartAsync(
            stages, folder.Path, services => services.AddSingleton<TimeProvider>(time),
            ("Store:MaxWorkingBytes", $"{Room}"), ("Jobs:MaxAttempts", "1"));
        using var others = node.Get<WorkingSpace>().Reserve("", Room);
        var job = await node.SubmitAsync(JobsNode.Item(stages.Clip("room.mp4")));
        var (_, waiting) = await node.WatchAsync(job.JobId, until: happened => happened.Item is { Error.Length: > 0 });
        Assert.Equal((ItemState.Queued, 0), (waiting[0].State, waiting[0].Attempts));

        time.Advance(TimeSpan.FromMinutes(61));
        var (ended, items) = await node.WatchAsync(job.JobId);
        Assert.Equal((JobState.Failed, ItemState.Failed), (ended.State, items[0].State));
        Assert.Contains("(MaxWorkingBytes)", items[0].Error, StringComparison.Ordinal);
        Assert.Contains("it has waited for room for an hour", items[0].Error, StringComparison.Ordinal);
    }

    /// <summary>The machine's time, which can be set forward.</summary>
    sealed class ForwardTime : TimeProvider
    {
        long ahead;                                                          // timestamps

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref ahead);

        public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, (long)(by.TotalSeconds * System.TimestampFrequency));
    }
}
