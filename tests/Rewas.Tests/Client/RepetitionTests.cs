using System.Collections.Concurrent;
using Grpc.Core;
using Rewas.Client;
using Rewas.Sound.Curves;

namespace Rewas.Tests.Client;

/// <summary>A request is repeated as a whole while a stage is unavailable, however the stages are called.</summary>
public abstract class RepetitionTests
{
    private protected abstract Task<StageHost> StartAsync(StageDoubles doubles);

    private protected static readonly RewasClientOptions Quick = new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(5),
        MaximumRetryDelay = TimeSpan.FromMilliseconds(50),
        DescribeTimeout = Wait.Patience,
    };

    public static TheoryData<string, int> EachStageInEachWindow() =>
        [.. from stage in (string[])["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"]
            from window in Enumerable.Range(0, 3)
            select (stage, window)];

    [Theory]
    [MemberData(nameof(EachStageInEachWindow))]
    public async Task Whichever_stage_breaks_off_the_sink_gets_each_sample_once(string stage, int window)
    {
        var breaks = 0;
        var doubles = new StageDoubles();
        doubles.Before(stage, at => at == window && Interlocked.Increment(ref breaks) == 1 ? throw GoingDown : Task.CompletedTask);
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var (sound, further, seen) = (new List<float>(), new List<float>(), new Recorder());

        var result = await client.GenerateAsync(SoundRequests.With(sound), seen);

        AssertWhole(doubles, sound);
        Assert.Equal(doubles.Samples, result.Samples);
        Assert.Equal(["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"], result.Summaries.Select(summary => summary.Stage));
        Assert.Equal([new(1, $"{stage}: UNAVAILABLE: going down")], seen.Events.OfType<GenerateProgress.Repeated>());
        Assert.Single(seen.Events.OfType<GenerateProgress.VideoFound>());
        var written = seen.Events.OfType<GenerateProgress.SoundWritten>().Select(progress => progress.Samples).ToList();
        Assert.Equal(written.Distinct().Order(), written);
    }

    [Fact]
    public async Task A_request_that_arrives_in_part_is_repeated()
    {
        var cut = 0;
        var doubles = new StageDoubles
        {
            BeforeDescribe = stage => stage == "AudioDiffusion" && Interlocked.Increment(ref cut) == 1
                ? throw new RpcException(new(StatusCode.Internal, "Incomplete message."))
                : Task.CompletedTask,
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var sound = new List<float>();

        await client.GenerateAsync(SoundRequests.With(sound));

        AssertWhole(doubles, sound);
        Assert.True(cut > 1);
    }

    [Fact]
    public async Task A_request_is_repeated_as_often_as_it_takes_and_the_stages_are_described_each_time()
    {
        const int breaks = 12;
        var (broken, described) = (0, 0);
        var doubles = new StageDoubles
        {
            BeforeMel = (_, _) => Interlocked.Increment(ref broken) <= breaks ? throw GoingDown : Task.CompletedTask,
            BeforeDescribe = stage =>
            {
                if (stage == "Vocoder")
                    Interlocked.Increment(ref described);
                return Task.CompletedTask;
            },
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var sound = new List<float>();

        await client.GenerateAsync(SoundRequests.With(sound));

        AssertWhole(doubles, sound);
        Assert.True(described >= breaks + 1, $"described {described} times");
    }

    [Fact]
    public async Task A_stage_that_does_not_describe_itself_yet_is_asked_again()
    {
        var attempts = 0;
        var doubles = new StageDoubles
        {
            BeforeDescribe = stage => stage == "Vocoder" && Interlocked.Increment(ref attempts) < 12
                ? throw new RpcException(new(StatusCode.Unavailable, "starting"))
                : Task.CompletedTask,
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);

        Assert.Equal(4, (await client.DescribeAsync()).Count);
        Assert.Equal(12, attempts);
    }

    [Fact]
    public async Task Once_the_energy_is_known_no_video_is_sent_again()
    {
        var (breaks, opened) = (0, 0);
        var doubles = new StageDoubles
        {
            BeforeWave = (window, _) => window == 1 && Interlocked.Increment(ref breaks) <= 2 ? throw GoingDown : Task.CompletedTask,
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var sound = new List<float>();
        var video = SoundRequests.Video();
        // With an edit, diffusion begins when the energy of the whole video is known.
        var request = SoundRequests.With(sound) with
        {
            Edits = [new GainEdit(new(0, 1), -6)],
            Video = video with
            {
                Open = cancellation =>
                {
                    Interlocked.Increment(ref opened);
                    return video.Open(cancellation);
                },
            },
        };

        var result = await client.GenerateAsync(request);

        AssertWhole(doubles, sound);
        Assert.Equal((1, 700_000L, 3), (opened, doubles.BytesUploaded, doubles.OptionsSeen.Count));
        Assert.Equal(["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"], result.Summaries.Select(summary => summary.Stage));
        var energies = doubles.EnergySeen.ToList();
        Assert.Equal(energies.Take(doubles.Windows), energies.TakeLast(doubles.Windows));
    }

    [Fact]
    public async Task Energy_of_another_bundle_is_not_used_after_an_update()
    {
        var doubles = new StageDoubles();
        doubles.BeforeMel = (_, _) =>
        {
            if (doubles.BundleSha256[0] == 'b')
                return Task.CompletedTask;
            doubles.BundleSha256 = doubles.VocoderBundleSha256 = new('b', 64);
            throw GoingDown;
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var sound = new List<float>();

        var result = await client.GenerateAsync(SoundRequests.With(sound) with { Edits = [new GainEdit(new(0, 1), -6)] });

        AssertWhole(doubles, sound);
        Assert.Equal((1_400_000, new string('b', 64)), (doubles.BytesUploaded, result.BundleSha256));
        Assert.All(result.Summaries, summary => Assert.Equal(result.BundleSha256, summary.BundleSha256));
    }

    [Fact]
    public async Task Other_samples_than_those_delivered_are_an_internal_failure()
    {
        var breaks = 0;
        var doubles = new StageDoubles
        {
            BeforeWave = (window, _) => window == 2 && Interlocked.Increment(ref breaks) == 1 ? throw GoingDown : Task.CompletedTask,
            WaveOf = window => breaks == 0 ? window : window + 0.5f,
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var sound = new List<float>();

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With(sound)));

        Assert.Equal(("Vocoder", StatusCode.Internal), (failure.Stage, failure.Status));
        Assert.Contains("when the request was repeated", failure.Message, StringComparison.Ordinal);
        Assert.Equal([0f, 1], sound.Distinct());
    }

    [Theory]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.PermissionDenied)]
    public async Task Any_other_status_is_final(StatusCode status)
    {
        var calls = 0;
        var doubles = new StageDoubles
        {
            BeforeMel = (_, _) => Interlocked.Increment(ref calls) > 0 ? throw new RpcException(new(status, "no")) : Task.CompletedTask,
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal((status, 1), (failure.Status, calls));
    }

    [Fact]
    public async Task A_sink_that_fails_is_not_tried_again_whatever_it_throws()
    {
        await using var host = await StartAsync(new());
        using var client = host.Connect(Quick);
        var calls = 0;
        var told = new StageFailure("Elsewhere", StatusCode.Unavailable, "the sink's own receiver has gone");
        var request = SoundRequests.With([]) with
        {
            Sink = (_, _) => Interlocked.Increment(ref calls) > 0 ? throw told : ValueTask.CompletedTask,
        };

        Assert.Same(told, await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(request)));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_sink_that_is_writing_is_not_interrupted_by_a_stage_that_breaks_off()
    {
        var (writing, breaks) = (new TaskCompletionSource(), 0);
        var doubles = new StageDoubles { Windows = 4 };
        doubles.BeforeSegments = (window, stop) => window == 3 && breaks == 0 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask;
        doubles.BeforeMel = async (window, stop) =>
        {
            if (window < 2 || breaks > 0)
                return;
            await writing.Task.WaitAsync(stop);
            Interlocked.Increment(ref breaks);
            throw GoingDown;
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var sound = new List<float>();
        var request = SoundRequests.With(sound) with
        {
            Sink = async (samples, stop) =>
            {
                if (writing.TrySetResult())
                    await Wait.UntilAsync(() => doubles.Cancelled.ContainsKey("VideoEncoder"), "the first attempt is being stopped");
                stop.ThrowIfCancellationRequested();
                sound.AddRange(samples.Span);
            },
        };

        await client.GenerateAsync(request);

        AssertWhole(doubles, sound);
    }

    [Fact]
    public async Task Every_candidate_gets_each_sample_once()
    {
        var breaks = 0;
        var doubles = new StageDoubles
        {
            BeforeWave = (window, _) => window == 1 && Interlocked.Increment(ref breaks) <= 3 ? throw GoingDown : Task.CompletedTask,
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        List<float>[] sounds = [[], []];
        var request = SoundRequests.With(sounds[0]);

        await client.GenerateAsync(request with { FurtherSinks = [SoundRequests.With(sounds[1]).Sink] });

        Assert.All(sounds, sound => AssertWhole(doubles, sound));
    }

    [Fact]
    public async Task Features_are_given_once()
    {
        var breaks = 0;
        var doubles = new StageDoubles
        {
            BeforeSegments = (window, _) => window == 2 && Interlocked.Increment(ref breaks) <= 2 ? throw GoingDown : Task.CompletedTask,
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var features = new List<(int, int)>();

        await client.PredictEnergyAsync(
            new() { Video = SoundRequests.Video(), Features = segment => features.Add((segment.Window, segment.Segment)) });

        Assert.Equal(
            from window in Enumerable.Range(0, doubles.Windows)
            from segment in Enumerable.Range(0, StageDoubles.SegmentsPerWindow)
            select (window, segment),
            features);
    }

    [Fact]
    public async Task Cancelling_ends_the_repetitions()
    {
        using var stop = new CancellationTokenSource();
        var doubles = new StageDoubles { BeforeMel = (_, _) => throw GoingDown };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick);
        var seen = new Recorder(happened =>
        {
            if (happened is GenerateProgress.Repeated { Attempts: 3 })
                stop.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GenerateAsync(SoundRequests.With([]), seen, stop.Token));

        Assert.Equal(3, seen.Events.OfType<GenerateProgress.Repeated>().Count());
    }

    [Fact]
    public async Task One_attempt_is_made_if_repetition_is_off()
    {
        var doubles = new StageDoubles { BeforeMel = (_, _) => throw GoingDown };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(Quick with { Repeat = false });

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal(("AudioDiffusion: UNAVAILABLE: going down", 1), (failure.Message, doubles.OptionsSeen.Count));
    }

    private protected static RpcException GoingDown => new(new(StatusCode.Unavailable, "going down"));

    private protected static void AssertWhole(StageDoubles doubles, List<float> sound)
    {
        Assert.Equal(doubles.Samples, sound.Count);
        for (var i = 0; i < sound.Count; i++)
            if (sound[i] != i / Rewas.Clip.ClipTiming.SamplesPerWindow)
                Assert.Fail($"sample {i} is {sound[i]}");
    }

    private protected sealed class Recorder(Action<GenerateProgress>? then = null) : IProgress<GenerateProgress>
    {
        readonly ConcurrentQueue<GenerateProgress> events = [];

        public IReadOnlyCollection<GenerateProgress> Events => events;

        public void Report(GenerateProgress value)
        {
            events.Enqueue(value);
            then?.Invoke(value);
        }
    }
}
