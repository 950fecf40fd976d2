using Rewas.Networks.Onnx;
using Rewas.Rendering;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Rendering;

public sealed class TextSimilarityTests
{
    static readonly OnnxOptions Options = new() { Threads = 1 };

    [Theory]
    [InlineData("sound_encoder", 81_920, false)]
    [InlineData("clap_audio", 160_000, false)]
    [InlineData("sound_encoder", 81_920, true)]
    public void It_is_a_cosine_and_the_mean_over_windows(string architecture, int windowSamples, bool sentences)
    {
        using var bundle = new TinyBundle(soundEncoder: architecture, sentences: sentences);
        using var similarity = TextSimilarity.Load(bundle.Bundle, Options)!;
        Assert.StartsWith($"{architecture} of tiny (", similarity.Name, StringComparison.Ordinal);
        float[] noise = Sounds.Noise(windowSamples, 0.3), tone = Sounds.Sine(440, 16_000, windowSamples);
        var (ofNoise, ofTone) = (similarity.Of("a dog barks", noise), similarity.Of("a dog barks", tone));
        Assert.InRange(ofNoise, -1.0001, 1.0001);
        Assert.NotEqual(ofNoise, ofTone);
        Assert.NotEqual(ofNoise, similarity.Of("rain on a roof", noise));
        Assert.Equal(ofNoise, similarity.Of("a dog barks", noise));
        // Resampling for CLAP reads a little past the border of two windows.
        Assert.Equal((ofNoise + ofTone) / 2, similarity.Of("a dog barks", (float[])[.. noise, .. tone]), 1e-3);
    }

    [Fact]
    public void CLAP_hears_a_short_sound_as_its_repetition()
    {
        using var bundle = new TinyBundle(soundEncoder: "clap_audio");
        using var similarity = TextSimilarity.Load(bundle.Bundle, Options)!;
        var noise = Sounds.Noise(80_000, 0.3);
        Assert.Equal(similarity.Of("rain on a roof", (float[])[.. noise, .. noise]), similarity.Of("rain on a roof", noise), 1e-3);
    }

    [Fact]
    public void A_bundle_without_an_encoder_of_sound_tells_none()
    {
        using var bundle = new TinyBundle();
        Assert.Null(TextSimilarity.Load(bundle.Bundle, Options));
    }
}
