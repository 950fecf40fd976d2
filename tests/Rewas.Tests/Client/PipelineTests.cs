using Grpc.Net.Client;
using Rewas.Client;
using Rewas.Faults;
using Rewas.Tests.Services;
using ClipTiming = Rewas.Networks.ClipTiming;

namespace Rewas.Tests.Client;

public sealed class PipelineTests
{
    [Fact]
    public async Task Sound_is_as_long_as_the_video_and_in_order()
    {
        var doubles = new StageDoubles { Windows = 3 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);
        var sound = new List<float>();
        var request = SoundRequests.With(sound) with { Steps = 20, GuidanceScale = 2.5, Eta = 0 };

        var result = await client.GenerateAsync(request);

        Assert.Equal(doubles.Samples, sound.Count);
        Assert.Equal(doubles.Samples, result.Samples);
        for (var window = 0; window < 3; window++)
            Assert.All(sound.Skip(window * ClipTiming.SamplesPerWindow).Take(ClipTiming.SamplesPerWindow), sample => Assert.Equal(window, sample));
        Assert.Equal(700_000, doubles.BytesUploaded);
        Assert.Equal((doubles.Samples + 159) / 160, result.Energy.Count);
        Assert.Equal([0f, -1f, -2f], result.Energy.Distinct());
        Assert.Equal(["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"], result.Summaries.Select(summary => summary.Stage));
        Assert.Equal(doubles.BundleSha256, result.BundleSha256);
        Assert.InRange(result.FirstSoundAfter, TimeSpan.FromTicks(1), result.Elapsed);
        var options = Assert.Single(doubles.OptionsSeen);
        Assert.Equal(("a ball bounces", 7ul, 20, 2.5, true, 0.0), (options.Prompt, options.Seed, options.Steps, options.GuidanceScale, options.HasEta, options.Eta));
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
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);

        var result = await client.GenerateAsync(SoundRequests.With([]));

        Assert.Equal(doubles.Samples, result.Samples);
    }

    [Fact]
    public async Task Calls_that_are_not_read_leave_room_for_others_on_their_connection()
    {
        // Stages that wait for one another read nothing meanwhile; a video of minutes fills what may be sent ahead to them.
        using var stop = new CancellationTokenSource();
        var doubles = new StageDoubles { Windows = 1, BeforeEnergy = (_, call) => Task.Delay(Timeout.Infinite, call) };
        await using var host = await StageHost.StartAsync(doubles);
        using var channel = GrpcChannel.ForAddress(host.Address);
        var predictor = new V1.EnergyPredictor.EnergyPredictorClient(channel);
        var unread = new V1.PredictEnergyRequest { Segment = new() { Segment = StageDoubles.SegmentsPerWindow - 1, Features = StageDoubles.Filled("features", 0, 8, 4096) } };
        var writing = Enumerable.Range(0, 8).Select(async _ =>
        {
            using var call = predictor.Predict(cancellationToken: stop.Token);
            for (var i = 0; i < 16; i++)                                     // 2 MiB: more than any stream may send ahead
                await call.RequestStream.WriteAsync(unread, stop.Token);
        }).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.All(writing, task => Assert.False(task.IsCompleted));

        var responses = await new V1.Vocoder.VocoderClient(channel).Synthesize(deadline: DateTime.UtcNow + Wait.Patience).Exchange(
            new V1.SynthesizeRequest { Options = new() { AudioSamples = doubles.Samples } },
            new V1.SynthesizeRequest { Mel = new() { Mel = StageDoubles.Filled("mel", 0, 512, 64) } });

        Assert.Equal(doubles.Samples, responses.Sum(response => response.Wave?.Samples.Shape[0] ?? 0));
        await stop.CancelAsync();
        await Task.WhenAll(writing).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Progress_tells_every_window_of_every_stage()
    {
        await using var host = await StageHost.StartAsync(new() { Windows = 2 });
        using var client = RewasClient.Connect(host.Address);
        var seen = new Recorder();

        await client.GenerateAsync(SoundRequests.With([]), seen);

        var events = seen.Events;
        Assert.Equal(700_000, events.OfType<GenerateProgress.Uploaded>().Last().Bytes);
        Assert.Single(events.OfType<GenerateProgress.VideoFound>());
        Assert.Equal(2 * StageDoubles.SegmentsPerWindow, events.OfType<GenerateProgress.SegmentEncoded>().Count());
        Assert.Equal([0, 1], events.OfType<GenerateProgress.EnergyPredicted>().Select(energy => energy.Window));
        Assert.Equal([new(0, 2, 1, 1, TimeSpan.Zero), new(1, 2, 1, 1, TimeSpan.Zero)], events.OfType<GenerateProgress.Sampled>());
        Assert.Equal(events.OfType<GenerateProgress.SoundWritten>().Last().Total, events.OfType<GenerateProgress.SoundWritten>().Last().Samples);
    }

    [Fact]
    public async Task Energy_alone_asks_only_the_first_two_stages()
    {
        var doubles = new StageDoubles
        {
            Windows = 40,
            BeforeDescribe = stage => stage is "VideoEncoder" or "EnergyPredictor" ? Task.CompletedTask : throw new InvalidOperationException(stage),
        };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);

        var result = await client.PredictEnergyAsync(new() { Video = SoundRequests.Video() });

        Assert.Equal((doubles.Samples + 159) / 160, result.Energy.Count);
        Assert.Equal(2, doubles.Calls);
    }

    [Fact]
    public async Task Mel_does_not_pile_up_before_a_slow_vocoder()
    {
        const int windows = 400;                                             // 51 MB of mel
        var doubles = new StageDoubles { Windows = windows, BeforeWave = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation) };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);
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
    [InlineData("x", -1, 1, 1.0, "seed: must be from 0 to 4294967295, but is -1")]
    [InlineData("x", 0, 0, 1.0, "steps: must be from 1 to 1000, but is 0")]
    [InlineData("x", 0, 1, double.NaN, "guidance: must be from 1 to 30, but is NaN")]
    [InlineData("x", 4294967296, 1001, 31.0, "seed: must be from 0 to 4294967295, but is 4294967296; steps: must be from 1 to 1000, but is 1001; guidance: must be from 1 to 30, but is 31")]
    public async Task Options_out_of_range_are_refused_together_before_anything_is_sent(string prompt, long seed, int steps, double guidance, string message)
    {
        using var client = RewasClient.Connect(new Uri("http://127.0.0.1:1"));
        var request = SoundRequests.With([]) with { Prompt = prompt, Seed = seed, Steps = steps, GuidanceScale = guidance };

        var fault = await Assert.ThrowsAsync<InputFault>(() => client.GenerateAsync(request));

        Assert.Equal((FaultKind.Invalid, message), (fault.Kind, fault.Message));
    }

    [Fact]
    public async Task Stages_with_different_bundles_are_refused()
    {
        await using var host = await StageHost.StartAsync(new() { VocoderBundleSha256 = new('b', 64) });
        using var client = RewasClient.Connect(host.Address);

        var fault = await Assert.ThrowsAsync<InputFault>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.StartsWith("bundle: must be the same in all stages", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stages_are_reached_through_a_private_socket()
    {
        string folder;
        using (var socket = new PrivateSocket())
        {
            var doubles = new StageDoubles();
            await using var host = await StageHost.StartAsync(doubles, socket.Address.OriginalString);
            using var client = RewasClient.Connect(socket.Address);
            folder = Path.GetDirectoryName(socket.Address.AbsolutePath)!;

            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.Equal(doubles.Samples, (await client.GenerateAsync(SoundRequests.With([]))).Samples);
        }
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void An_address_of_another_kind_is_refused()
    {
        var fault = Assert.Throws<InputFault>(() => RewasClient.Connect(new Uri("ftp://somewhere")));

        Assert.Equal("gateway: must be http://HOST:PORT, https://HOST:PORT or unix:/PATH, but is 'ftp://somewhere/'", fault.Message);
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
