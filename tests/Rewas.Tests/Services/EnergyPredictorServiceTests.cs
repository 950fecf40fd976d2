using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.EnergyPredictor;
using Rewas.Protocol;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Tests.Services;

public sealed class EnergyPredictorServiceTests(SharedServiceHost shared) : IClassFixture<SharedServiceHost>
{
    readonly V1.EnergyPredictor.EnergyPredictorClient client = new(shared.Host.Channel);

    [Fact]
    public async Task A_window_is_answered_with_its_last_segment()
    {
        using var call = client.Predict();
        foreach (var segment in Segments(0))
            await call.RequestStream.WriteAsync(segment);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience));
        Assert.Equal(0, call.ResponseStream.Current.Energy.Window);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(1, call.ResponseStream.Current.Summary.Windows);
    }

    [Fact]
    public async Task Energy_is_the_networks_answer_to_the_averaged_tokens_smoothed_and_stretched()
    {
        var bundle = shared.Host.Services.GetRequiredService<Bundle>();
        var answers = await client.Predict().Exchange(Segments(0));
        var energy = answers[0].Energy.Energy.ToHostTensor("energy", 512).Floats.ToArray();

        var tokens = new float[64 * 16];                                     // segments overlap by half, so 1 or 2 of them see each place
        for (var place = 0; place < 64; place++)
        {
            var segments = new[] { place / 4 - 1, place / 4 }.Where(s => s is >= 0 and < 15).ToArray();
            for (var c = 0; c < 16; c++)
                tokens[place * 16 + c] = segments.Average(s => Feature(s, place - 4 * s, c));
        }
        using var phi = OnnxNetwork.Load(bundle, "energy_predictor", new OnnxOptions { Threads = 1 });
        var expected =
            Rewas.Sound.Energy.ControlFromTokens(phi.Run([HostTensor.Of(tokens, 1, 64, 16)])[0].Floats.Span, bundle.Manifest.Timing);
        for (var i = 0; i < 512; i++)
            Assert.Equal(Math.Clamp(expected[i], SilenceFloor.LogMel, 2), energy[i], 1e-5f);
    }

    [Fact]
    public async Task Cuts_come_out_in_mel_frames()
    {
        var segments = Segments(0).ToArray();
        segments[^1].Segment.Cuts.AddRange([40, 127]);
        Assert.Equal([160, 508], (await client.Predict().Exchange(segments))[0].Energy.Cuts);
        segments[^1].Segment.Cuts[1] = 128;
        await client.Predict().Exchange(segments).Fails(StatusCode.InvalidArgument, "cuts: must ascend from 0 to 127", "128 came");
        segments[^1].Segment.Cuts[1] = 40;
        await client.Predict().Exchange(segments).Fails(StatusCode.InvalidArgument, "cuts: must ascend", "40 came");
        segments[^1].Segment.Cuts.Clear();
        segments[0].Segment.Cuts.Add(40);
        await client.Predict().Exchange(segments).Fails(StatusCode.InvalidArgument, "cuts: must come with the last segment");
    }

    [Fact]
    public async Task Refuses_features_that_are_none()
    {
        await client.Predict().Exchange().Fails(StatusCode.InvalidArgument, "segment: window 0 must have 15 segments", "after 0");
        await client.Predict().Exchange(Segments(0).Take(14)).Fails(StatusCode.InvalidArgument, "15 segments", "after 14");
        await client.Predict().Exchange(new PredictEnergyRequest()).Fails(StatusCode.InvalidArgument, "segment", "absent");
        await client.Predict()
            .Exchange(Segments(1))
            .Fails(StatusCode.InvalidArgument, "window 0 segment 0 is next", "window 1 segment 0 came");
        await client.Predict()
            .Exchange(Segment(0, 0, new float[8 * 15], 8, 15))
            .Fails(StatusCode.InvalidArgument, "features", "[8, 16]", "[8, 15]");
        await client.Predict()
            .Exchange(new PredictEnergyRequest
            {
                Segment = new() { Features = Rewas.Clip.HostTensor.Of(new long[128], 8, 16).ToMessage("features") },
            })
            .Fails(StatusCode.InvalidArgument, "features: must be float32");
        await client.Predict()
            .Exchange(Segment(0, 0, [.. Enumerable.Repeat(float.NaN, 128)], 8, 16))
            .Fails(StatusCode.InvalidArgument, "features", "finite");
    }

    [Fact]
    public async Task Measures_a_recording_at_any_rate()
    {
        const int rate = 44_100;
        var seconds = 6.0;                                                   // one window and a little more
        var random = new Random(5);
        var sound = Enumerable.Range(0, (int)(seconds * rate))
            .Select(i => (i < rate * 3 ? 0.2f : 0.01f) * (2 * random.NextSingle() - 1))
            .ToArray();
        var answers = await client.Measure().Exchange(Chunks(Wav(sound, rate), 10_000));

        var energy = answers.Where(a => a.Energy is not null)
            .SelectMany(a => a.Energy.Energy.ToHostTensor("energy", 512).Floats.ToArray())
            .ToArray();
        Assert.Equal(1024, energy.Length);
        Assert.True(energy[100] > energy[400] + 2, $"loud {energy[100]}, quiet {energy[400]}");
        Assert.Equal(SilenceFloor.LogMel, energy[900], 1e-3f);               // beyond the end
        Assert.All(energy, value => Assert.InRange(value, SilenceFloor.LogMel, 2));
        Assert.Equal(2, answers[^1].Summary.Windows);
    }

    [Fact]
    public async Task The_energy_of_a_recording_is_that_of_training()
    {
        var sound = Enumerable.Range(0, ClipTiming.SamplesPerWindow)
            .Select(i => 0.3f * MathF.Sin(0.05f * i) * MathF.Exp(-i % 16_000 / 4000f))
            .ToArray();
        var answers = await client.Measure().Exchange(Chunks(Wav(sound, 16_000), 1 << 20));

        sound = [.. sound.Select(v => (short)(v * 32767) / 32768f)];         // as stored in the file
        Loudness.NormaliseForTraining(sound);
        var timing = shared.Host.Services.GetRequiredService<Bundle>().Manifest.Timing;
        var expected = Rewas.Sound.Energy.Control(Rewas.Sound.Energy.OfLogMel(MelSpectrogram.LogMel(sound)), timing);
        var energy = answers.Single(a => a.Energy is not null).Energy.Energy.ToHostTensor("energy", 512).Floats.ToArray();
        for (var i = 0; i < 512; i++)
            Assert.Equal(Math.Clamp(expected[i], SilenceFloor.LogMel, 2), energy[i], 1e-4f);
    }

    [Fact]
    public void The_mel_of_each_window_is_that_of_the_whole_sound()
    {
        var random = new Random(9);
        var sound = Enumerable.Range(0, 3 * ClipTiming.SamplesPerWindow - 5000).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var padded = new float[3 * ClipTiming.SamplesPerWindow];
        sound.CopyTo(padded, 0);
        var whole = MelSpectrogram.LogMel(padded);
        Assert.Equal(whole, Enumerable.Range(0, 3).SelectMany(window => WindowMel.LogMel(sound, window, 3)));
    }

    [Fact]
    public void A_recording_takes_the_memory_of_its_result_whatever_its_rate()
    {
        // A minute at a rate without a common divisor: 46 MB of floats, and 4 MB at 16 kHz.
        const int rate = 191_999, seconds = 60;
        using var file = new MemoryStream(Wav(new float[rate * seconds], rate));
        float[] samples = [];
        var (cost, failure) = Cost.Of(() =>
            samples = SoundToEnergy.ReadAsync(file, new(), CancellationToken.None).GetAwaiter().GetResult());
        Assert.Null(failure);
        Assert.Equal(16_000 * seconds, samples.Length);
        Assert.InRange(cost.AllocatedBytes, 0, 32L << 20);
    }

    [Fact]
    public async Task Recordings_that_are_not_there_yet_block_nobody()
    {
        await using var host = await ServiceHost.StartAsync(("EnergyPredictor:MaxConcurrentRecordings", "1"));
        var crowded = new V1.EnergyPredictor.EnergyPredictorClient(host.Channel);
        var trickling = Enumerable.Range(0, 5).Select(_ => crowded.Measure()).ToList();
        foreach (var call in trickling)
            await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(new byte[10]) });
        Assert.NotNull((await crowded.Measure().Exchange(Chunks(Wav(new float[16_000], 16_000), 1 << 20)))[^1].Summary);
        trickling.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task A_caller_that_does_not_read_its_energy_holds_no_place_of_measuring()
    {
        await using var host = await ServiceHost.StartAsync(("EnergyPredictor:MaxConcurrentRecordings", "1"));
        var crowded = new V1.EnergyPredictor.EnergyPredictorClient(host.Channel);
        using var unread = await UnreadAsync(crowded);
        Assert.NotNull((await crowded.Measure().Exchange(Chunks(Wav(new float[16_000], 16_000), 1 << 20)))[^1].Summary);
    }

    [Fact]
    public async Task A_caller_that_does_not_read_its_energy_is_sent_away()
    {
        await using var host = await ServiceHost.StartAsync(
            ("EnergyPredictor:MaxConcurrentUploads", "1"), ("EnergyPredictor:ReadTimeout", "00:00:01"));
        var crowded = new V1.EnergyPredictor.EnergyPredictorClient(host.Channel);
        using var unread = await UnreadAsync(crowded);
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return (await crowded.Measure().Exchange(Chunks(Wav(new float[16_000], 16_000), 1 << 20)))[^1].Summary is not null;
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.ResourceExhausted)
                {
                    return false;
                }
            },
            "the call that nobody reads has ended");
    }

    [Fact]
    public async Task Refuses_recordings_that_are_none_or_too_large()
    {
        await client.Measure()
            .Exchange(Chunks([.. "this is not a WAV file, whatever it is called"u8], 10))
            .Fails(StatusCode.InvalidArgument, "recording");
        await client.Measure().Exchange().Fails(StatusCode.InvalidArgument, "recording");
        await client.Measure()
            .Exchange(new MeasureEnergyRequest())
            .Fails(StatusCode.InvalidArgument, "chunk: must have 1 to 1048576 bytes, but has 0");
        await client.Measure()
            .Exchange(Chunks(Wav(new float[1000], 16_000)[..^100], 1 << 20))
            .Fails(StatusCode.InvalidArgument, "recording", "truncated");

        await using var host = await ServiceHost.StartAsync(
            ("EnergyPredictor:MaxRecordingBytes", "5000"), ("EnergyPredictor:MaxRecordingDuration", "00:00:01"));
        var strict = new V1.EnergyPredictor.EnergyPredictorClient(host.Channel);
        await strict.Measure()
            .Exchange(Chunks(Wav(new float[4000], 16_000), 1 << 20))
            .Fails(StatusCode.ResourceExhausted, "recording", "5000");
        await strict.Measure().Exchange(Chunks(Wav(new float[2200], 1000), 1 << 20)).Fails(StatusCode.ResourceExhausted, "recording");
    }

    /// <summary>A call whose energy has begun to come, and is more than connections hold back: 320 KB.</summary>
    static async Task<AsyncDuplexStreamingCall<MeasureEnergyRequest, EnergyResponse>> UnreadAsync(
        V1.EnergyPredictor.EnergyPredictorClient client)
    {
        const int rate = 1000, seconds = 800;
        var call = client.Measure();
        foreach (var chunk in Chunks(Wav(new float[rate * seconds], rate), 1 << 20))
            await call.RequestStream.WriteAsync(chunk);
        await call.RequestStream.CompleteAsync();
        await call.ResponseHeadersAsync.WaitAsync(Wait.Patience);
        return call;
    }

    static float Feature(int segment, int token, int channel) => MathF.Sin(segment * 0.7f + token * 1.3f + channel * 0.31f);

    static IEnumerable<PredictEnergyRequest> Segments(int window) => Enumerable.Range(0, 15).Select(segment =>
        Segment(window, segment, [.. Enumerable.Range(0, 128).Select(i => Feature(segment, i / 16, i % 16))], 8, 16));

    static PredictEnergyRequest Segment(int window, int segment, float[] values, params long[] shape) =>
        new() { Segment = new() { Window = window, Segment = segment, Features = HostTensor.Of(values, shape).ToMessage("features") } };

    static IEnumerable<MeasureEnergyRequest> Chunks(byte[] file, int size) =>
        file.Chunk(size).Select(chunk => new MeasureEnergyRequest { Chunk = ByteString.CopyFrom(chunk) });

    /// <summary>16 bit PCM, mono.</summary>
    static byte[] Wav(float[] samples, int rate)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("RIFF"u8);
        writer.Write(36 + 2 * samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * samples.Length);
        foreach (var sample in samples)
            writer.Write((short)(sample * 32767));
        return bytes.ToArray();
    }
}
