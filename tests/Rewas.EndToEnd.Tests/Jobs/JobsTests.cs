using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rewas.Jobs.Running;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Jobs;

public sealed class JobsTests(StagesHost stages) : IClassFixture<StagesHost>
{
    [Fact]
    public async Task An_uploaded_video_outlives_its_lease_and_is_given_sound()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        var clip = stages.Clip("upload.mp4");
        var video = await stages.UploadAsync(clip);
        var job = await node.SubmitAsync(new JobItem
        {
            VideoId = video,
            Name = "a",
            Options = new() { Prompt = "rain", Steps = 2, Candidates = 2 },
            Environment = new() { Prompt = "wind", Decibels = -12 },
        });
        await stages.Studio.DeleteVideoAsync(new() { VideoId = video });

        var (ended, items) = await node.WatchAsync(job.JobId);
        Assert.Equal((JobState.Succeeded, 1, ""), (ended.State, ended.Succeeded, items[0].Error));
        Assert.Equal((6400, 2, "ddim"), (items[0].Result.Samples, items[0].Result.Sampler.Steps, items[0].Result.Sampler.Name));
        var file = await node.ResultAsync(job.JobId, 0);
        Assert.Equal(
            (items[0].Result.Bytes, items[0].Result.Sha256),
            (file.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file))));
        await File.WriteAllBytesAsync(folder.File("result.mp4"), file, TestContext.Current.CancellationToken);
        Assert.Equal(ClipFolder.PictureDigest(clip), ClipFolder.PictureDigest(folder.File("result.mp4")));
        Assert.Equal(1, Assert.Single(items).Value.Attempts);
    }

    [Fact]
    public async Task The_same_key_submits_once_and_another_start_with_it_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        var clip = JobsNode.Item(stages.Clip("twice.mp4"));
        var job = await node.SubmitAsync("key", null, clip);
        Assert.Equal(job.JobId, (await node.SubmitAsync("key", null, clip)).JobId);
        await node.SubmitAsync("key", null, clip, clip)
            .Fails(StatusCode.InvalidArgument, "idempotency_key: 'key' was used for another job");
        await node.SubmitAsync("", null, clip).Fails(StatusCode.InvalidArgument, "idempotency_key: must have 1 to 128 characters");
        await node.SubmitAsync(new string('k', 129), null, clip).Fails(StatusCode.InvalidArgument, "but has 129");
        Assert.Single((await node.Client.ListAsync(new())).Jobs);
    }

    [Fact]
    public async Task A_submission_that_broke_off_goes_on_where_it_stopped()
    {
        using var folder = new TemporaryFolder();
        var items = Enumerable.Range(0, 3).Select(i => JobsNode.Item(stages.Clip("broken-off.mp4"), (ulong)i)).ToArray();
        await using (var node = await JobsNode.StartAsync(stages, folder.Path))
        {
            using var call = node.Client.Submit();
            await call.RequestStream.WriteAsync(
                new() { Start = new() { IdempotencyKey = "k", Items = 3, Name = "test" } }, TestContext.Current.CancellationToken);
            await call.RequestStream.WriteAsync(new() { Item = items[0] }, TestContext.Current.CancellationToken);
            Assert.True(
                await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)
                    && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal(1, call.ResponseStream.Current.Taken);
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Fails(
                StatusCode.InvalidArgument, "items: must be 3 as announced, but 1 have arrived; submit the rest with the same key");
            Assert.Equal(JobState.Submitting, Assert.Single((await node.Client.ListAsync(new())).Jobs).State);
        }
        await using var again = await JobsNode.StartAsync(stages, folder.Path);
        var (ended, made) = await again.WatchAsync((await again.SubmitAsync("k", null, items)).JobId);
        Assert.Equal((JobState.Succeeded, 3), (ended.State, made.Count));
    }

    [Fact]
    public async Task Earlier_results_of_a_caller_are_found_and_other_requests_and_callers_find_nothing()
    {
        using var folder = new TemporaryFolder();
        // alone in its calls, so that every digit is the same
        await using var node = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:MaxParallelItems", "1"));
        var clip = stages.Clip("found.mp4");
        var first = await node.WatchAsync((await node.SubmitAsync(JobsNode.Item(clip))).JobId);
        Assert.False(first.Items[0].Result.Found);
        // A result that is found would tell Ben that somebody has made the same.
        Assert.False(await FoundForBenAsync());
        Assert.True(await FoundForBenAsync());

        File.Copy(clip, stages.Clips.Path("other-name.mp4"));
        var job = await node.SubmitAsync(
            JobsNode.Item("other-name.mp4"), JobsNode.Item(clip, seed: 1), new JobItem(JobsNode.Item(clip)) { Format = "flac" });
        var (_, items) = await node.WatchAsync(job.JobId);
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(i => items[i].Result.Found));
        Assert.Equal(first.Items[0].Result.SoundSha256, items[0].Result.SoundSha256);
        Assert.Equal(first.Items[0].Result.SoundSha256, items[2].Result.SoundSha256);
        Assert.NotEqual(first.Items[0].Result.SoundSha256, items[1].Result.SoundSha256);
        Assert.Equal([1, 2], (await node.ExecutionsAsync(job.JobId)).Select(execution => (int)execution.Item).Order());

        async Task<bool> FoundForBenAsync()
        {
            var his = await node.SubmitAsync(Guid.NewGuid().ToString(), "ben", JobsNode.Item(clip));
            return (await node.WatchAsync(his.JobId, caller: "ben")).Items[0].Result.Found;
        }
    }

    [Fact]
    public async Task A_cancellation_reaches_the_running_step_and_frees_the_place_for_the_next_job()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:MaxRunningJobs", "1"), ("Jobs:MaxParallelItems", "1"));
        var clip = stages.Clip("cancelled.mp4");
        var endless = await node.SubmitAsync(JobsNode.Item(clip, steps: 1000), JobsNode.Item(clip, seed: 1, steps: 1000));
        var next = await node.SubmitAsync(JobsNode.Item(clip, seed: 2));
        await node.WatchAsync(endless.JobId, until: happened => happened.Item is { Step: > 0 and < 500 });
        var cancelled = await node.Client.CancelAsync(new() { JobId = endless.JobId });
        Assert.Equal((JobState.Cancelled, 2), (cancelled.State, cancelled.Cancelled));
        Assert.Equal(JobState.Succeeded, (await node.WatchAsync(next.JobId)).Job.State);
        Assert.Equal((0L, "cancelled"), Assert.Single(await node.ExecutionsAsync(endless.JobId)));
        Assert.Equal(JobState.Cancelled, (await node.Client.CancelAsync(new() { JobId = endless.JobId })).State);
        await node.ResultAsync(endless.JobId, 0).Fails(StatusCode.FailedPrecondition, "item: must have succeeded, but is Cancelled");
        await node.ResultAsync(endless.JobId, 2).Fails(StatusCode.NotFound, "item: must be from 0 to 1, but is 2");
    }

    [Fact]
    public async Task Nobody_sees_the_jobs_of_another_caller()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        var clip = JobsNode.Item(stages.Clip("mine.mp4"));
        var mine = await node.SubmitAsync("key", "ann", clip);
        await node.WatchAsync(mine.JobId, caller: "ann");
        Assert.NotEmpty(await node.ResultAsync(mine.JobId, 0, "ann"));
        foreach (var other in (string?[])["ben", "", null])
        {
            Assert.Empty((await node.Client.ListAsync(new(), other is null ? [] : JobsNode.As(other))).Jobs);
            await node.WatchAsync(mine.JobId, caller: other).Fails(StatusCode.NotFound, $"job_id: '{mine.JobId}' does not exist");
            await node.ResultAsync(mine.JobId, 0, other).Fails(StatusCode.NotFound, "job_id");
            await node.Client.CancelAsync(new() { JobId = mine.JobId }, other is null ? [] : JobsNode.As(other)).ResponseAsync.Fails(
                StatusCode.NotFound, "job_id");
        }
        Assert.NotEqual(mine.JobId, (await node.SubmitAsync("key", "ben", clip)).JobId);
        Assert.Equal([mine.JobId], (await node.Client.ListAsync(new(), JobsNode.As("ann"))).Jobs.Select(job => job.JobId));
    }

    [Fact]
    public async Task Jobs_are_listed_the_newest_first_page_by_page()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        var clip = JobsNode.Item(stages.Clip("listed.mp4"));
        var submitted = new List<string>();
        for (var i = 0; i < 5; i++)
            submitted.Insert(0, (await node.SubmitAsync(clip)).JobId);
        var listed = new List<string>();
        for (var page = ""; ;)
        {
            var answer = await node.Client.ListAsync(new() { PageSize = 2, Page = page });
            listed.AddRange(answer.Jobs.Select(job => job.JobId));
            if ((page = answer.NextPage).Length == 0)
                break;
        }
        Assert.Equal(submitted.Order(), listed.Order());
        await node.Client.ListAsync(new() { PageSize = 1001 }).ResponseAsync.Fails(
            StatusCode.InvalidArgument, "page_size: must be from 0 to 1000");
        await node.Client.ListAsync(new() { Page = "x'; DROP TABLE rewas_jobs" }).ResponseAsync.Fails(
            StatusCode.InvalidArgument, "page: must be next_page");
    }

    [Fact]
    public async Task What_has_ended_is_forgotten_and_its_files_are_deleted()
    {
        using var folder = new TemporaryFolder();
        string job;
        await using (var node = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:Retention", "00:10:00")))
        {
            var video = await stages.UploadAsync(stages.Clip("expired.mp4"));
            job = (await node.SubmitAsync(new JobItem(JobsNode.Item("x")) { VideoId = video })).JobId;
            var (ended, _) = await node.WatchAsync(job);
            Assert.Equal(600, (ended.Expires - ended.Ended).ToTimeSpan().TotalSeconds, 0.001);
            Assert.Equal(2, CountFiles());
        }
        // The next node keeps things for a shorter time, so nothing is gone before it has been looked at.
        await using var next = await JobsNode.StartAsync(stages, folder.Path, ("Jobs:Retention", "00:00:02"));
        await Wait.UntilAsync(
            async () => (await next.Client.ListAsync(new())).Jobs.Count == 0 && CountFiles() == 0, "the job and its files are gone");
        await next.ResultAsync(job, 0).Fails(StatusCode.NotFound, "or has expired");

        int CountFiles() => Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Count(file => file.Contains("/files/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_and_bytes_are_bounded_by_name()
    {
        using var folder = new TemporaryFolder();
        var clip = stages.Clip("bounded.mp4");
        var bytes = new FileInfo(clip).Length;
        await using var node = await JobsNode.StartAsync(
            stages,
            folder.Path,
            ("Jobs:MaxItemsPerJob", "3"),
            ("Jobs:MaxItemsPerCaller", "5"),
            ("Jobs:MaxJobsPerCaller", "2"),
            ("Jobs:MaxVideoBytes", $"{bytes}"),
            ("Jobs:MaxBytesPerCaller", $"{bytes + 100}"));
        var endless = JobsNode.Item(clip, steps: 1000);
        await node.SubmitAsync(endless, endless, endless, endless).Fails(
            StatusCode.ResourceExhausted, "items: must be at most 3 (MaxItemsPerJob), but is 4");
        await node.SubmitAsync().Fails(StatusCode.InvalidArgument, "items: must be at least 1, but is 0");
        var first = await node.SubmitAsync(endless, endless, endless);
        await node.SubmitAsync(endless, endless, endless).Fails(
            StatusCode.ResourceExhausted, "must be at most 5 (MaxItemsPerCaller), but would be 6");
        var second = await node.SubmitAsync(endless);
        await node.SubmitAsync(endless).Fails(StatusCode.ResourceExhausted, "MaxJobsPerCaller");
        await node.SubmitAsync("of another caller", "ann", endless);
        await node.Client.CancelAsync(new() { JobId = first.JobId });
        await node.Client.CancelAsync(new() { JobId = second.JobId });

        File.WriteAllBytes(stages.Clips.Path("large.mp4"), new byte[bytes + 1]);
        await node.SubmitAsync("1", "ben", JobsNode.Item("large.mp4"))
            .Fails(StatusCode.ResourceExhausted, "items[0]: path: must have at most");
        var (ended, items) = await node.WatchAsync((await node.SubmitAsync("2", "ben", JobsNode.Item(clip))).JobId, caller: "ben");
        Assert.Equal(JobState.Failed, ended.State);
        Assert.Contains("MaxBytesPerCaller", items[0].Error, StringComparison.Ordinal);
        await node.SubmitAsync("3", "ben", new JobItem(JobsNode.Item(clip)) { VideoId = "0123" }).Fails(StatusCode.NotFound, "video_id");
    }

    [Fact]
    public async Task Items_that_cannot_be_made_are_refused_by_their_number()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        var good = JobsNode.Item(stages.Clip("good.mp4"));
        await Refused(
            new(good) { Options = new() { Prompt = "", Steps = 1001 } },
            "items[1]: prompt: must have 1 to 2000 characters, but is empty; steps: must be from 1 to 1000, but is 1001");
        await Refused(new(good) { Format = "exe" }, "items[1]: format: must be one of mp4");
        await Refused(new(good) { Finish = new() { Loudness = 3 } }, "items[1]: loudness");
        await Refused(
            new(good) { Environment = new() { Prompt = "wind", Decibels = 13 } },
            "items[1]: environment-gain: must be from -60 to 12 dB, but is 13");
        await Refused(new(good) { Name = "two\nlines" }, "items[1]: name");
        var none = new JobItem(good);
        none.ClearVideo();
        await Refused(none, "items[1]: video: must be given");

        Task Refused(JobItem item, string said) => node.SubmitAsync(good, item).Fails(StatusCode.InvalidArgument, said);
    }

    [Fact]
    public async Task No_path_leads_out_of_the_readable_folder()
    {
        using var folder = new TemporaryFolder();
        using var outside = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        File.Copy(stages.Clip("inside.mp4"), outside.File("secret.mp4"));
        File.CreateSymbolicLink(stages.Clips.Path("link.mp4"), outside.File("secret.mp4"));
        Directory.CreateSymbolicLink(stages.Clips.Path("linked"), outside.Path);
        foreach (var path in (string[])[
            "../secret.mp4",
            "a/../../secret.mp4",
            outside.File("secret.mp4"),
            "/etc/passwd",
            "..",
            "a\\..\\b",
            "C:/x",
            "inside.mp4\0.wav",
            "./inside.mp4",
            "link.mp4",
            "linked/secret.mp4",
            "",
            new string('a', 5000),
        ])
            await node.SubmitAsync(new JobItem(JobsNode.Item("x")) { Path = path })
                .Fails(StatusCode.InvalidArgument, "items[0]: path: must");
        await node.SubmitAsync(JobsNode.Item("absent.mp4")).Fails(StatusCode.NotFound, "items[0]: path: 'absent.mp4' does not exist");

        using var other = new TemporaryFolder();
        await using var without = await JobsNode.StartAsync(stages, other.Path, ("Jobs:ReadableFolder", ""));
        await without.SubmitAsync(JobsNode.Item("inside.mp4")).Fails(
            StatusCode.FailedPrecondition, "items[0]: path: cannot be given: this service reads no folder");
    }

    [Fact]
    public async Task A_file_that_is_no_video_fails_alone()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        File.WriteAllText(stages.Clips.Path("text.mp4"), "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n");
        var (ended, items) =
            await node.WatchAsync((await node.SubmitAsync(JobsNode.Item("text.mp4"), JobsNode.Item(stages.Clip("beside.mp4")))).JobId);
        Assert.Equal((JobState.Failed, 1, 1), (ended.State, ended.Failed, ended.Succeeded));
        Assert.Equal((ItemState.Failed, 1), (items[0].State, items[0].Attempts));
        Assert.StartsWith("video: ", items[0].Error, StringComparison.Ordinal);
        Assert.Equal(ItemState.Succeeded, items[1].State);
    }

    [Fact]
    public async Task Stages_that_cannot_be_reached_are_tried_again_up_to_the_limit()
    {
        using var folder = new TemporaryFolder();
        await using var node =
            await JobsNode.StartAsync(stages, folder.Path, ("Jobs:Stages", "http://127.0.0.1:1"), ("Jobs:MaxAttempts", "3"));
        var (ended, items) = await node.WatchAsync((await node.SubmitAsync(JobsNode.Item(stages.Clip("again.mp4")))).JobId);
        Assert.Equal((JobState.Failed, ItemState.Failed, 3), (ended.State, items[0].State, items[0].Attempts));
        Assert.Contains("UNAVAILABLE", items[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_items_wait_for_long_leaves_its_place_to_the_next()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(
            stages, folder.Path, ("Jobs:Stages", "http://127.0.0.1:1"), ("Jobs:MaxRunningJobs", "1"), ("Jobs:RetryDelay", "00:05:00"));
        var clip = JobsNode.Item(stages.Clip("waiting.mp4"));
        foreach (var caller in (string[])["ann", "ben"])
        {
            var job = await node.SubmitAsync(Guid.NewGuid().ToString(), caller, clip);
            var (_, items) = await node.WatchAsync(job.JobId, until: happened => happened.Item is { Error.Length: > 0 }, caller);
            Assert.Equal((ItemState.Queued, 1), (items[0].State, items[0].Attempts));
        }
    }

    [Fact]
    public async Task A_long_job_makes_way_for_the_job_of_another_caller_and_goes_on_after_it()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(
            stages, folder.Path, ("Jobs:MaxRunningJobs", "1"), ("Jobs:MaxParallelItems", "1"), ("Jobs:TurnTime", "00:00:00.010"));
        var clip = stages.Clip("turns.mp4");
        var annes = new List<Job>();
        for (var i = 0; i < 2; i++)
            annes.Add(await node.SubmitAsync(
                Guid.NewGuid().ToString(), "ann",
                [.. Enumerable.Range(0, 6).Select(seed => JobsNode.Item(clip, (ulong)(seed + 6 * i), steps: 200))]));
        await node.WatchAsync(annes[0].JobId, until: happened => happened.Item is { State: ItemState.Running }, "ann");
        var bens = await node.SubmitAsync(Guid.NewGuid().ToString(), "ben", JobsNode.Item(clip, seed: 100));
        Assert.Equal(JobState.Succeeded, (await node.WatchAsync(bens.JobId, caller: "ben")).Job.State);
        Assert.DoesNotContain((await node.Client.ListAsync(new(), JobsNode.As("ann"))).Jobs, job => job.State == JobState.Succeeded);

        foreach (var job in annes)
        {
            var (ended, items) = await node.WatchAsync(job.JobId, caller: "ann");
            Assert.Equal((JobState.Succeeded, 6), (ended.State, ended.Succeeded));
            Assert.All(items.Values, item => Assert.Equal(1, item.Attempts));
        }
    }

    [Fact]
    public async Task A_job_that_has_made_way_goes_on_before_jobs_that_came_later()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(
            stages, folder.Path, ("Jobs:MaxRunningJobs", "1"), ("Jobs:MaxParallelItems", "1"), ("Jobs:TurnTime", "00:00:00.010"));
        var clip = stages.Clip("order.mp4");
        var annes = await LongJobAsync(node, clip, "ann", items: 3, firstSeed: 0);
        await node.WatchAsync(annes.JobId, until: happened => happened.Item is { State: ItemState.Running }, "ann");
        var bens = await LongJobAsync(node, clip, "ben", items: 1, firstSeed: 10);
        await node.WatchAsync(bens.JobId, until: happened => happened.Item is { State: ItemState.Running }, "ben");
        var cems = await LongJobAsync(node, clip, "cem", items: 1, firstSeed: 20);

        Assert.Equal(JobState.Succeeded, (await node.WatchAsync(cems.JobId, caller: "cem")).Job.State);
        Assert.InRange((await node.Client.ListAsync(new(), JobsNode.As("ann"))).Jobs.Single().Succeeded, 2, 3);
    }

    [Fact]
    public async Task The_second_job_of_a_caller_has_its_turn_among_all_others_when_the_first_has_ended()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(
            stages, folder.Path, ("Jobs:MaxRunningJobs", "1"), ("Jobs:MaxParallelItems", "1"), ("Jobs:TurnTime", "00:00:00.010"));
        var clip = stages.Clip("second.mp4");
        var annes = await LongJobAsync(node, clip, "ann", items: 1, firstSeed: 0);
        await node.WatchAsync(annes.JobId, until: happened => happened.Item is { State: ItemState.Running }, "ann");
        await LongJobAsync(node, clip, "ann", items: 1, firstSeed: 10);
        var bens = await LongJobAsync(node, clip, "ben", items: 4, firstSeed: 20);
        await LongJobAsync(node, clip, "cem", items: 4, firstSeed: 30);

        Assert.Equal(JobState.Succeeded, (await node.WatchAsync(bens.JobId, caller: "ben")).Job.State);
        Assert.All(
            (await node.Client.ListAsync(new(), JobsNode.As("ann"))).Jobs, job => Assert.Equal(JobState.Succeeded, job.State));
    }

    [Fact]
    public async Task A_node_that_is_stopped_goes_on_when_it_is_started_again_and_repeats_nothing()
    {
        using var folder = new TemporaryFolder();
        var clip = stages.Clip("restarted.mp4");
        string job;
        int before;
        await using (var node = await JobsNode.StartAsync(stages, folder.Path))
        {
            // The later ones take longer, so that the job has not ended when it is stopped.
            job = (await node.SubmitAsync(
                [.. Enumerable.Range(0, 12).Select(i => JobsNode.Item(clip, (ulong)i, steps: i < 4 ? 1 : 100))])).JobId;
            before = (await node.WatchAsync(job, until: happened => happened.Job is { Succeeded: >= 4 })).Job.Succeeded;
        }
        await using var again = await JobsNode.StartAsync(stages, folder.Path);
        var (ended, items) = await again.WatchAsync(job);
        Assert.Equal((JobState.Succeeded, 12), (ended.State, ended.Succeeded));
        Assert.InRange(before, 4, 11);
        var executions = await again.ExecutionsAsync(job);
        Assert.Equal(
            Enumerable.Range(0, 12),
            executions.Where(execution => execution.Outcome == "succeeded").Select(execution => (int)execution.Item).Order());
        Assert.All(items.Values, item => Assert.Equal(1, item.Attempts));    // what the stop handed back does not count
    }

    [Fact]
    public async Task Of_two_processes_that_share_a_folder_one_runs_the_jobs_and_both_answer()
    {
        using var folder = new TemporaryFolder();
        var first = await JobsNode.StartAsync(stages, folder.Path);
        await using var second = await JobsNode.StartAsync(stages, folder.Path);
        var clip = stages.Clip("shared.mp4");
        Assert.Equal(JobState.Succeeded, (await second.WatchAsync((await second.SubmitAsync(JobsNode.Item(clip))).JobId)).Job.State);
        await first.DisposeAsync();
        Assert.Equal(
            JobState.Succeeded, (await second.WatchAsync((await second.SubmitAsync(JobsNode.Item(clip, seed: 1))).JobId)).Job.State);
    }

    [Fact]
    public async Task In_a_cluster_another_node_takes_over()
    {
        using var postgres = await PostgresCluster.StartAsync();
        using var folder = new TemporaryFolder();
        (string, string)[] settings = [("Jobs:Postgres", postgres.Connection), ("Jobs:NodeTimeout", "00:00:02")];
        var clip = stages.Clip("cluster.mp4");
        await using var staying = await JobsNode.StartAsync(stages, folder.Path, settings);
        var leaving = await JobsNode.StartAsync(stages, folder.Path, settings);
        var jobs = new List<string>();
        for (var i = 0; i < 4; i++)
            jobs.Add(
                (await leaving.SubmitAsync([.. Enumerable.Range(0, 6).Select(item => JobsNode.Item(clip, (ulong)(i * 10 + item)))])).JobId);
        await staying.WatchAsync(jobs[0], until: happened => happened.Job is { Succeeded: >= 2 });
        await leaving.DisposeAsync();
        foreach (var job in jobs)
        {
            Assert.Equal(
                (JobState.Succeeded, 6), (await staying.WatchAsync(job)).Job is var ended ? (ended.State, ended.Succeeded) : default);
            Assert.Equal(
                Enumerable.Range(0, 6),
                (await staying.ExecutionsAsync(job))
                    .Where(execution => execution.Outcome == "succeeded")
                    .Select(execution => (int)execution.Item)
                    .Order());
        }
    }

    [Fact]
    public async Task A_watch_goes_on_after_the_revision_that_was_seen()
    {
        using var folder = new TemporaryFolder();
        await using var node = await JobsNode.StartAsync(stages, folder.Path);
        var job = await node.SubmitAsync(JobsNode.Item(stages.Clip("watched.mp4")), JobsNode.Item("watched.mp4", seed: 1));
        var (ended, _) = await node.WatchAsync(job.JobId);
        var (same, none) = await node.WatchAsync(job.JobId, after: ended.Revision);
        Assert.Equal((ended, 0), (same, none.Count));
        await node.WatchAsync(job.JobId, after: -1).Fails(StatusCode.InvalidArgument, "after_revision: must be at least 0");
    }

    [Fact]
    public async Task Every_fault_of_the_options_is_told_together()
    {
        await using var app = JobsNode.Build(
            [
                ("Jobs:MaxRunningJobs", "0"),
                ("Jobs:Retention", "00:00:00"),
                ("Jobs:ReadableFolder", "/nowhere"),
                ("Jobs:S3:ServiceUrl", "ftp://store"),
                ("Jobs:Postgres", "Password=secret"),
            ]);
        var failure =
            Assert.ThrowsAny<OptionsValidationException>(
                () => app.Services.GetRequiredService<IOptions<Rewas.Jobs.Settings.JobsOptions>>().Value);
        foreach (var said in (string[])[
            "MaxRunningJobs",
            "Retention",
            "Jobs:ReadableFolder: '/nowhere' does not exist",
            "Jobs:S3:ServiceUrl: must be http",
            "Jobs:S3:Bucket: must be given",
            "Jobs:Postgres: must name a Host",
        ])
            Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Black_videos_are_made_in_a_few_places_of_which_a_caller_gets_half()
    {
        using var folder = new TemporaryFolder();
        var (places, token) = (new BlankPlaces(2), TestContext.Current.CancellationToken);
        await using var node = await JobsNode.StartAsync(stages, folder.Path, services => services.AddSingleton(places));
        var share = await places.EnterAsync("ann", token);
        var annes = SubmitAsync("ann");
        await Wait.UntilAsync(() => places.Waiting == 1, "Ann waits for her share");
        await SubmitAsync("ben");

        var last = await places.EnterAsync("cem", token);
        var bens = SubmitAsync("ben");
        await Wait.UntilAsync(() => places.Waiting == 2, "Ben waits, because all places are taken");
        Assert.False(annes.IsCompleted || bens.IsCompleted);
        share.Dispose();
        last.Dispose();
        await Task.WhenAll(annes, bens);

        Task<Job> SubmitAsync(string caller) => node.SubmitAsync(
            Guid.NewGuid().ToString(), caller,
            new JobItem { BlankSeconds = 1, Name = "rain", Options = new() { Prompt = "rain", Steps = 1 } });
    }

    static Task<Job> LongJobAsync(JobsNode node, string clip, string caller, int items, int firstSeed) => node.SubmitAsync(
        Guid.NewGuid().ToString(), caller,
        [.. Enumerable.Range(firstSeed, items).Select(seed => JobsNode.Item(clip, (ulong)seed, steps: 200))]);
}
