using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Tests.Services;

public sealed class VocoderServiceTests(SharedServiceHost shared) : IClassFixture<SharedServiceHost>
{
    readonly V1.Vocoder.VocoderClient client = new(shared.Host.Channel);

    [Theory]
    [InlineData(1600, 0, 500)]
    [InlineData(777, 0, 64)]
    [InlineData(512, 80_001, 512)]
    [InlineData(1, 0, 1)]
    [InlineData(30, 1, 7)]
    public async Task Chunks_laid_end_to_end_equal_the_unchunked_waveform(int frames, long audioSamples, int framesPerMessage)
    {
        var mel = RandomMel(frames);
        var answers = await client.Synthesize().Exchange([Options(audioSamples), .. Windows(mel, framesPerMessage)]);

        var (wave, next) = (new List<float>(), 0L);
        foreach (var chunk in answers.Where(a => a.Wave is not null).Select(a => a.Wave))
        {
            Assert.Equal(next, chunk.FirstSample);
            wave.AddRange(chunk.Samples.ToHostTensor("wave", -1).Floats.ToArray());
            next = wave.Count;
        }
        var expected = Unchunked(mel)[..(int)(audioSamples == 0 ? frames * 160 : audioSamples)];
        Assert.Equal(expected.Length, wave.Count);
        Assert.True(expected.Max(MathF.Abs) > 1e-3f);                        // not silent
        Assert.Equal(0, expected.Zip(wave, (e, w) => Math.Abs(e - w)).Max(), 2e-6);
        Assert.Equal("Vocoder", answers[^1].Summary.Stage);
    }

    [Fact]
    public async Task A_mel_that_differs_in_a_second_is_made_to_sound_again_only_there()
    {
        using var folder = new TemporaryFolder();
        await using var caching = await ServiceHost.StartAsync(("Vocoder:WaveCacheFolder", folder.Path), ("Vocoder:ChunkFrames", "64"));
        var caller = new V1.Vocoder.VocoderClient(caching.Channel);
        var before = RandomMel(1024);
        float[] after = [.. before.Select((value, i) => i / 64 is >= 500 and < 520 ? value - 1 : value)];

        await WaveAsync(before);
        var chunks = Directory.GetFiles(folder.Path, "*.wave").Length;
        var edited = await WaveAsync(after);

        Assert.Equal(16 + 1, chunks);                                        // and the silence that warmed up the network
        Assert.InRange(Directory.GetFiles(folder.Path, "*.wave").Length - chunks, 1, 4);
        Assert.Equal(0, Unchunked(after).Zip(edited, (e, w) => Math.Abs(e - w)).Max(), 2e-6);

        async Task<float[]> WaveAsync(float[] mel)
        {
            var answers = await caller.Synthesize().Exchange([Options(0), .. Windows(mel, 512)]);
            return [.. answers.Where(a => a.Wave is not null).SelectMany(a => a.Wave.Samples.ToHostTensor("wave", -1).Floats.ToArray())];
        }
    }

    [Fact]
    public async Task Sound_is_answered_before_the_mel_has_ended()
    {
        using var call = client.Synthesize();
        await call.RequestStream.WriteAsync(Options(0));
        await call.RequestStream.WriteAsync(Windows(RandomMel(512), 512).Single());
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience));
        Assert.Equal(0, call.ResponseStream.Current.Wave.FirstSample);
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public Task Refuses_a_call_without_options() =>
        client.Synthesize().Exchange(Windows(RandomMel(8), 8)).Fails(StatusCode.InvalidArgument, "options");

    [Fact]
    public Task Refuses_a_mel_that_is_too_short_for_the_length() =>
        client.Synthesize()
            .Exchange([Options(1601), .. Windows(RandomMel(10), 10)])
            .Fails(StatusCode.InvalidArgument, "mel", "11 frames", "1601", "10");

    [Fact]
    public Task Refuses_no_mel_at_all() => client.Synthesize().Exchange(Options(0)).Fails(StatusCode.InvalidArgument, "mel");

    [Theory]
    [InlineData(-1, StatusCode.InvalidArgument)]
    [InlineData(long.MaxValue, StatusCode.ResourceExhausted)]
    public Task Refuses_a_length_out_of_range(long samples, StatusCode status) =>
        client.Synthesize().Exchange(Options(samples)).Fails(status, "audio_samples", $"{samples}");

    [Fact]
    public Task Refuses_windows_out_of_order() =>
        client.Synthesize().Exchange(Options(0), Window(1, new float[64], 1, 64)).Fails(StatusCode.InvalidArgument, "0 is next", "1 came");

    [Fact]
    public Task Refuses_another_number_of_bins() =>
        client.Synthesize().Exchange(Options(0), Window(0, new float[63], 1, 63)).Fails(StatusCode.InvalidArgument, "mel", "64", "63");

    [Fact]
    public Task Refuses_values_that_are_not_finite() =>
        client.Synthesize()
            .Exchange(Options(0), Window(0, [.. Enumerable.Repeat(float.NaN, 64)], 1, 64))
            .Fails(StatusCode.InvalidArgument, "mel", "finite");

    [Fact]
    public Task Refuses_integers() => client.Synthesize()
        .Exchange(Options(0), new SynthesizeRequest { Mel = new() { Mel = HostTensor.Of(new long[64], 1, 64).ToMessage("mel") } })
            .Fails(StatusCode.InvalidArgument, "mel: must be float32");

    [Fact]
    public async Task Describes_itself()
    {
        var described = await client.DescribeAsync(new());
        Assert.Equal(("Vocoder", "tiny", "cpu"), (described.Stage, described.Bundle, described.Accelerator));
        Assert.Contains(described.Limits, limit => limit.Name == "MaxAudioDuration" && limit.Value == 900);
        Assert.Equal(64, described.Timing.MelBins);
    }

    float[] Unchunked(float[] mel)
    {
        var frames = mel.Length / 64;
        var binsFirst = new float[mel.Length];
        for (var i = 0; i < mel.Length; i++)
            binsFirst[i % 64 * frames + i / 64] = mel[i];
        using var network = OnnxNetwork.Load(shared.Host.Services.GetRequiredService<Bundle>(), "vocoder", new OnnxOptions { Threads = 1 });
        return network.Run([HostTensor.Of(binsFirst, 1, 64, frames)])[0].Floats.ToArray();
    }

    static float[] RandomMel(int frames)
    {
        var random = new Random(frames);
        return [.. Enumerable.Range(0, frames * 64).Select(_ => -5 + 3 * random.NextSingle())];
    }

    static SynthesizeRequest Options(long audioSamples) => new() { Options = new() { AudioSamples = audioSamples } };

    static IEnumerable<SynthesizeRequest> Windows(float[] mel, int framesPerMessage) =>
        mel.Chunk(framesPerMessage * 64).Select((part, window) => Window(window, part, part.Length / 64, 64));

    static SynthesizeRequest Window(int window, float[] values, params long[] shape) =>
        new() { Mel = new() { Window = window, Mel = HostTensor.Of(values, shape).ToMessage("mel") } };
}
