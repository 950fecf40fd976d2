using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Rendering.Guards;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Rendering.Guards;

public sealed class SoundGuardTests
{
    [Fact]
    public void A_bundle_without_a_network_that_hears_says_so()
    {
        using var bundle = new TinyBundle();
        using var guard = SoundGuard.Load(bundle.Bundle, new() { Threads = 1 });
        Assert.Null(guard.Name);
        var report = guard.Hear(new float[1000], TestContext.Current.CancellationToken);
        Assert.Null(report.By);
        Assert.Empty(report.Heard);
        Assert.Equal(["silence"], report.Signal.Faults);
    }

    [Fact]
    public void Neighbouring_windows_are_one_part_and_silent_ones_none()
    {
        using var bundle = new TinyBundle(speechScore: 2);
        using var guard = SoundGuard.Load(bundle.Bundle, new() { Threads = 1 });
        Assert.StartsWith("sound_guard of tiny (", guard.Name, StringComparison.Ordinal);
        float[] wave = [.. Sounds.Noise(100_000, 0.3), .. new float[163_840], .. Sounds.Noise(20_000, 0.3)];
        var heard = guard.Hear(wave, TestContext.Current.CancellationToken).Heard;
        Assert.Equal([("speech", 0, 10.24), ("speech", 15.36, 17.74)], heard.Select(part => (part.Kind, part.From, part.To)));
        Assert.All(heard, part => Assert.Equal(Math.Tanh(1), part.Score, 1e-3));
    }

    [Fact]
    public void A_sound_in_parts_is_heard_like_a_whole_one()
    {
        using var bundle = new TinyBundle(speechScore: 2);
        using var guard = SoundGuard.Load(bundle.Bundle, new() { Threads = 1 });
        var wave = Sounds.Noise(200_000, 0.3);
        var listener = guard.Listen();
        foreach (var part in wave.Chunk(777))
            listener.Add(part, TestContext.Current.CancellationToken);
        var (whole, parts) = (
            guard.Hear(wave, TestContext.Current.CancellationToken), listener.End(TestContext.Current.CancellationToken));
        Assert.Equal(whole.Heard, parts.Heard);
        Assert.Equal(whole.Signal, parts.Signal);
    }

    [Theory]
    [InlineData(0, 1, 0, 0)]                                                 // speech
    [InlineData(7, 1, 0, 0)]                                                 // speech synthesizer
    [InlineData(28, 0, 1, 0)]                                                // choir
    [InlineData(137, 0, 0, 1)]                                               // music
    [InlineData(74, 0, 0, 0)]                                                // a dog
    public void The_classes_of_AudioSet_become_kinds(int heard, double speech, double singing, double music)
    {
        var definition = PannsCnn14.Define(new() { Channels = [3, 5], EmbeddingChannels = 7 });
        using var weights = new FixtureWeightsFile(definition, "", (name, values) =>
        {
            if (name == "fc_audioset.weight")
                Array.Clear(values);
            if (name == "fc_audioset.bias")
                for (var i = 0; i < values.Length; i++)
                    values[i] = i == heard ? 20 : -20;
        });
        using var panns = new PannsHearing("panns", OnnxNetwork.Load(definition, weights.File, new() { Threads = 1 }), new());
        double[] expected = [speech, singing, music];
        Assert.Equal(
            expected.Select(kind => kind > 0 ? 1.0 : -1), panns.Scores(Sounds.Noise(30_000, 0.3), default).Select(score => Math.Round(score, 3)));
    }

    [Theory]
    [InlineData(0.3, 0.6)]
    [InlineData(0.65, 0.2)]
    [InlineData(0.9, -0.2)]
    public void A_threshold_of_CNN14_is_an_option(double threshold, double score)
    {
        const double Probability = 0.72;
        var definition = PannsCnn14.Define(new() { Channels = [3, 5], EmbeddingChannels = 7 });
        using var weights = new FixtureWeightsFile(definition, "", (name, values) =>
        {
            if (name == "fc_audioset.weight")
                Array.Clear(values);
            if (name == "fc_audioset.bias")
                Array.Fill(values, (float)Math.Log(Probability / (1 - Probability)));
        });
        using var panns = new PannsHearing(
            "panns", OnnxNetwork.Load(definition, weights.File, new() { Threads = 1 }), new() { PannsMusic = threshold });
        Assert.Equal(score, panns.Scores(Sounds.Noise(30_000, 0.3), default)[2], 1e-3);
    }
}
