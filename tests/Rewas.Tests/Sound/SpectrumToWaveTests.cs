using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Sound.Mel;
using Rewas.Tests.Networks.Onnx;
using Rewas.Vocoder;

namespace Rewas.Tests.Sound;

/// <summary>
/// Compares the rounds of the Fourier vocoder by fast transforms with the same rounds as matrix products in the network's graph.
/// </summary>
public sealed class SpectrumToWaveTests
{
    const int Bins = ClipTiming.MelBins;

    static readonly Bundle Mini = Bundle.Find("rewas-mini");
    static readonly VocosConfiguration OfBundle = NetworkCatalog.Read<VocosConfiguration>(Mini.Network("vocoder").Configuration);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 4)]
    [InlineData(4, 0)]
    [InlineData(3, 2)]
    public void Gives_the_waveform_of_the_whole_graph(int refinements, int corrections)
    {
        var configuration = OfBundle with { Refinements = refinements, Corrections = corrections };
        var mel = Mel(frames: 61);
        using var graph = Load(Vocos.Define(configuration));
        var expected = graph.Run([mel])[0].Floats.ToArray();
        var made = Wave(configuration, mel);
        Assert.True(expected.Max(MathF.Abs) > 0.01f);                        // not silent
        Assert.Equal(expected.Length, made.Length);
        Assert.Equal(0, expected.Zip(made, (e, m) => Math.Abs(e - m)).Max(), 1e-4);
    }

    /// <summary>Frames are in other vector lanes and groups there. The result must be the same.</summary>
    [Theory]
    [InlineData(100, 140)]
    [InlineData(103, 111)]
    [InlineData(0, 9)]
    [InlineData(291, 300)]
    public void A_chunk_with_its_context_sounds_as_in_the_whole(int first, int end)
    {
        var configuration = OfBundle with { Corrections = 3 };
        var (context, hop) = (VocoderReach.Of(configuration).ContextFrames, configuration.HopSamples);
        var mel = Mel(frames: 300);
        var (from, to) = (Math.Max(0, first - context), Math.Min(300, end + context));
        var chunk = Wave(configuration, Slice(mel, from, to));
        var whole = Wave(configuration, mel);
        var expected = whole[(first * hop)..(end * hop)];
        var made = chunk[((first - from) * hop)..((end - from) * hop)];
        Assert.Equal(0, expected.Zip(made, (e, m) => Math.Abs(e - m)).Max(), 2e-6);
    }

    [Fact]
    public void Silence_stays_silent()
    {
        var silence = HostTensor.Of([.. Enumerable.Repeat(SilenceFloor.LogMel, 40 * Bins)], 1, Bins, 40);
        Assert.InRange(Wave(OfBundle, silence).Max(MathF.Abs), 0, 1e-3f);
    }

    [Fact]
    public void Stops_between_two_rounds()
    {
        var flat = HostTensor.Of(new float[513], 1, 1, 513);
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => new SpectrumToWave(OfBundle).Wave(Mel(1), flat, flat, cancelled));
    }

    static float[] Wave(VocosConfiguration configuration, HostTensor mel)
    {
        using var network = Load(Vocos.DefineSpectrum(configuration));
        var said = network.Run([mel]);
        return new SpectrumToWave(configuration).Wave(mel, said[0], said[1], CancellationToken.None);
    }

    static OnnxNetwork Load(NetworkDefinition definition) => OnnxNetwork.Load(Mini, "vocoder", Recorded.OneThread, definition);

    /// <summary>A moving tone over noise that comes and goes: [1, M, T].</summary>
    static HostTensor Mel(int frames)
    {
        var random = new Random(5);
        var values = new float[Bins * frames];
        for (var bin = 0; bin < Bins; bin++)
            for (var t = 0; t < frames; t++)
            {
                var tone = Math.Abs(bin - 20 - 10 * MathF.Sin(t * 0.05f)) < 2 ? 3 : 0;
                values[bin * frames + t] = -6 + 2 * MathF.Sin(t * 0.2f) + random.NextSingle() + tone;
            }
        return HostTensor.Of(values, 1, Bins, frames);
    }

    static HostTensor Slice(HostTensor mel, int from, int to)
    {
        var (frames, values) = ((int)mel.Shape[2], mel.Floats.ToArray());
        var rows = Enumerable.Range(0, Bins).Select(bin => values[(bin * frames + from)..(bin * frames + to)]);
        return HostTensor.Of([.. rows.SelectMany(row => row)], 1, Bins, to - from);
    }
}
