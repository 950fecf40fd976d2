using Rewas.Evaluation.Synchrony;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Sound.Mel;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Evaluation;

/// <summary>DeSync by networks of a small size, and the published input of the sound branch.</summary>
public sealed class SyncMeterTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const int Segments = 3, Offsets = 5;

    static readonly SynchformerConfiguration Sync = new()
    {
        Segments = Segments,
        Channels = 24,
        FeedForwardFactor = 2,
        SoundDepth = 1,
        SoundHeads = 2,
        Depth = 1,
        Heads = 2,
        Offsets = Offsets,
    };

    static readonly MotionformerConfiguration Video = new() { FrameSize = 32, Channels = 24, Depth = 1, Heads = 2 };

    [Fact]
    public void A_segments_mel_is_the_published_one()
    {
        var (wave, expected) = (ReferenceFile.Read("mel_wav.npy").Floats, ReferenceFile.Read("synchformer_mel.npy"));
        var mels = Enumerable.Range(0, 14).SelectMany(i => SyncMelSpectrogram.LogMel(
            wave.Span.Slice(i * SyncMelSpectrogram.SegmentStep, SyncMelSpectrogram.SegmentSamples))).ToArray();
        ReferenceFile.AssertAgrees(expected, Rewas.Clip.HostTensor.Of(mels, expected.Shape));
        Assert.Equal((14, 0, 24), (
            SyncMelSpectrogram.SegmentsIn(76_800), SyncMelSpectrogram.SegmentsIn(10_239), SyncMelSpectrogram.SegmentsIn(128_000)));
    }

    [Theory]
    [InlineData(0, 2.0)]
    [InlineData(1, 1.0)]
    [InlineData(2, 0.0)]
    [InlineData(4, 2.0)]
    public async Task The_likeliest_offset_counts_without_its_sign(int likeliest, double seconds)
    {
        var path = clips.Make("sync.mp4", "testsrc2=size=64x64:rate=25:duration=2", "-c:v", "libx264");
        using var meter = Meter(likeliest);
        var seen = await meter.Meter.SeeAsync(path, TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        Assert.Equal((50 - 16) / 8 + 1, seen.Count);
        Assert.All(seen, feature => Assert.Equal(8 * 24, feature.Length));
        Assert.Equal(seconds, meter.Meter.DeSync(seen, Sounds.Noise(32_000, 0.3), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_too_short_is_not_judged()
    {
        var path = clips.Make("sync.mp4", "testsrc2=size=64x64:rate=25:duration=2", "-c:v", "libx264");
        using var meter = Meter(likeliest: 0);
        var seen = await meter.Meter.SeeAsync(path, TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        Assert.Null(meter.Meter.DeSync(seen, Sounds.Noise(20_000, 0.3)));
        Assert.Null(meter.Meter.DeSync([.. seen.Take(Segments - 1)], Sounds.Noise(32_000, 0.3)));
        var first = await meter.Meter.SeeAsync(path, TimeSpan.FromSeconds(0.7), TestContext.Current.CancellationToken);
        Assert.Single(first);
    }

    /// <summary>A meter whose head always says one offset.</summary>
    static Held Meter(int likeliest)
    {
        var (video, sync) = (Motionformer.Define(Video), Synchformer.Define(Sync));
        var (videoWeights, syncWeights) = (new FixtureWeightsFile(video, ""), new FixtureWeightsFile(sync, "", (name, values) =>
        {
            if (name == "transformer.off_head.weight")
                Array.Clear(values);
            if (name == "transformer.off_head.bias")
                for (var i = 0; i < values.Length; i++)
                    values[i] = i == likeliest ? 1 : 0;
        }));
        return new(Load(video, videoWeights), Load(sync, syncWeights), videoWeights, syncWeights);

        static OnnxNetwork Load(NetworkDefinition definition, FixtureWeightsFile weights) =>
            OnnxNetwork.Load(definition, weights.File, new() { Threads = 1 });
    }

    sealed class Held(OnnxNetwork video, OnnxNetwork sync, FixtureWeightsFile videoWeights, FixtureWeightsFile syncWeights) : IDisposable
    {
        public SyncMeter Meter { get; } = new("sync", video, sync);

        public void Dispose()
        {
            Meter.Dispose();
            videoWeights.Dispose();
            syncWeights.Dispose();
        }
    }
}
