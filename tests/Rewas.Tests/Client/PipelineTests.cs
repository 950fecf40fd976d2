using Rewas.Client;
using Rewas.Clip.Faults;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Tests.Client;

/// <summary>The pipeline of stages, however they are called.</summary>
public abstract class PipelineTests
{
    private protected abstract Task<StageHost> StartAsync(StageDoubles doubles);

    [Fact]
    public async Task Sound_is_as_long_as_the_video_and_in_order()
    {
        var doubles = new StageDoubles { Windows = 3 };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();
        var sound = new List<float>();
        var request = SoundRequests.With(sound) with
        {
            Options = new() { Prompt = "a ball bounces", Seed = 7, Steps = 20, GuidanceScale = 2.5, Eta = 0 },
        };

        var result = await client.GenerateAsync(request);

        Assert.Equal(doubles.Samples, sound.Count);
        Assert.Equal(doubles.Samples, result.Samples);
        for (var window = 0; window < 3; window++)
            Assert.All(
                sound.Skip(window * ClipTiming.SamplesPerWindow).Take(ClipTiming.SamplesPerWindow), sample => Assert.Equal(window, sample));
        Assert.Equal(700_000, doubles.BytesUploaded);
        Assert.Equal((doubles.Samples + 159) / 160, result.Energy.Count);
        Assert.Equal([0f, -1f, -2f], result.Energy.Distinct());
        Assert.Equal(["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"], result.Summaries.Select(summary => summary.Stage));
        Assert.Equal(doubles.BundleSha256, result.BundleSha256);
        Assert.InRange(result.FirstSoundAfter, TimeSpan.FromTicks(1), result.Elapsed);
        var options = Assert.Single(doubles.OptionsSeen);
        Assert.Equal(
            ("a ball bounces", 7ul, 20, 2.5, true, 0.0),
            (options.Prompt, options.Seed, options.Steps, options.GuidanceScale, options.HasEta, options.Eta));
    }

    [Fact]
    public async Task The_vocoder_works_on_the_first_window_before_the_encoder_has_sent_the_last()
    {
        var vocoderHasFirst = new TaskCompletionSource();
        var doubles = new StageDoubles
        {
            Windows = 2,
            BeforeSegments = (window, cancellation) => window == 1 ? vocoderHasFirst.Task.WaitAsync(cancellation) : Task.CompletedTask,
            BeforeWave = (_, _) =>
            {
                vocoderHasFirst.TrySetResult();
                return Task.CompletedTask;
            },
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();

        var result = await client.GenerateAsync(SoundRequests.With([]));

        Assert.Equal(doubles.Samples, result.Samples);
    }

    [Fact]
    public async Task Progress_tells_every_window_of_every_stage()
    {
        await using var host = await StartAsync(new() { Windows = 2 });
        using var client = host.Connect();
        var seen = new Recorder();

        await client.GenerateAsync(SoundRequests.With([]), seen);

        var events = seen.Events;
        Assert.Equal(700_000, events.OfType<GenerateProgress.Uploaded>().Last().Bytes);
        Assert.Single(events.OfType<GenerateProgress.VideoFound>());
        Assert.Equal(2 * StageDoubles.SegmentsPerWindow, events.OfType<GenerateProgress.SegmentEncoded>().Count());
        Assert.Equal([0, 1], events.OfType<GenerateProgress.EnergyPredicted>().Select(energy => energy.Window));
        Assert.Equal([new(0, 2, 1, 1, TimeSpan.Zero), new(1, 2, 1, 1, TimeSpan.Zero)], events.OfType<GenerateProgress.Sampled>());
        Assert.Equal(
            events.OfType<GenerateProgress.SoundWritten>().Last().Total, events.OfType<GenerateProgress.SoundWritten>().Last().Samples);
    }

    [Fact]
    public async Task Energy_alone_asks_only_the_first_two_stages()
    {
        var doubles = new StageDoubles
        {
            Windows = 40,
            BeforeDescribe = stage => stage is "VideoEncoder" or "EnergyPredictor"
                ? Task.CompletedTask
                : throw new InvalidOperationException(stage),
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();

        var result = await client.PredictEnergyAsync(new() { Video = SoundRequests.Video() });

        Assert.Equal((doubles.Samples + 159) / 160, result.Energy.Count);
        Assert.Equal(2, doubles.Calls);
    }

    [Fact]
    public async Task Mel_does_not_pile_up_before_a_slow_vocoder()
    {
        const int windows = 400;                                             // 51 MB of mel
        var doubles = new StageDoubles { Windows = windows, BeforeWave = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation) };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();
        using var stop = new CancellationTokenSource();

        var generating = client.GenerateAsync(SoundRequests.With([]), cancellation: stop.Token);
        for (var before = -1; before != doubles.MelsSent || before == 0;)
        {
            before = doubles.MelsSent;
            await Task.Delay(500);
        }

        Assert.InRange(doubles.MelsSent, 1, 60);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => generating);
    }

    [Theory]
    [InlineData("", 0, 1, 1.0, "prompt: must have 1 to 2000 characters, but is empty")]
    [InlineData("x", ulong.MaxValue, 1, 1.0, "seed: must be from 0 to 4294967295, but is 18446744073709551615")]
    [InlineData("x", 0, -1, 1.0, "steps: must be from 1 to 1000, but is -1")]
    [InlineData("x", 0, 1, double.NaN, "guidance: must be from 1 to 30, but is NaN")]
    [InlineData(
        "x",
        4294967296,
        1001,
        31.0,
        "seed: must be from 0 to 4294967295, but is 4294967296; steps: must be from 1 to 1000, but is 1001; guidance: "
        + "must be from 1 to 30, but is 31")]
    public async Task Options_out_of_range_are_refused_together_before_anything_is_sent(
        string prompt, ulong seed, int steps, double guidance, string message)
    {
        using var client = RewasClient.Connect(new Uri("http://127.0.0.1:1"));
        var request = SoundRequests.With([]) with
        {
            Options = new() { Prompt = prompt, Seed = seed, Steps = steps, GuidanceScale = guidance },
        };

        var fault = await Assert.ThrowsAsync<InputFault>(() => client.GenerateAsync(request));

        Assert.Equal((FaultKind.Invalid, message), (fault.Kind, fault.Message));
    }

    [Fact]
    public async Task Stages_with_different_bundles_are_refused()
    {
        await using var host = await StartAsync(new() { VocoderBundleSha256 = new('b', 64) });
        using var client = host.Connect();

        var fault = await Assert.ThrowsAsync<InputFault>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.StartsWith("bundle: must be the same in all stages", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_kind_is_refused()
    {
        var fault = Assert.Throws<InputFault>(() => RewasClient.Connect(new Uri("ftp://somewhere")));

        Assert.Equal($"gateway: must be {GatewayAddresses.Forms}, but is 'ftp://somewhere'", fault.Message);
    }

    sealed class Recorder : IProgress<GenerateProgress>
    {
        readonly List<GenerateProgress> events = [];

        public IReadOnlyList<GenerateProgress> Events
        {
            get
            {
                lock (events)
                    return [.. events];
            }
        }

        public void Report(GenerateProgress value)
        {
            lock (events)
                events.Add(value);
        }
    }
}
