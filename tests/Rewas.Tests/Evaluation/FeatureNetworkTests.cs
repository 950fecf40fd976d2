using Rewas.Evaluation.Features;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Evaluation;

/// <summary>The feature networks at small sizes: clips of any length become an embedding and probabilities that sum to 1.</summary>
public class FeatureNetworkTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(16_000)]
    [InlineData(100_000)]
    public void CNN14_hears_a_clip_of_any_length(int samples) => AssertHears(
        PannsCnn14.Define(new() { Channels = [3, 5], EmbeddingChannels = 7, Classes = 4 }), network =>
            new PannsCnn14Features("cnn14", network), samples, embedding: 7, classes: 4);

    [Theory]
    [InlineData(300)]
    [InlineData(16_000)]
    [InlineData(100_000)]
    public void Melception_hears_a_clip_filled_up_or_cut(int samples) => AssertHears(
        Melception.Define(new() { MelFrames = 90, Classes = 5, ChannelDivisor = 16 }), network =>
            new MelceptionFeatures("melception", network), samples, embedding: 128, classes: 5);

    [Theory]
    [InlineData(300)]
    [InlineData(81_920)]
    [InlineData(100_000)]
    public void A_classifier_of_windows_hears_every_window(int samples) => AssertHears(
        SoundEncoder.Define(new() { BaseChannels = 8, ChannelMultipliers = [1, 2], Groups = 4, Labels = ["a", "b", "c", "d", "e", "f"] }),
        network => new SoundClassifierFeatures("classifier", network), samples, embedding: 6, classes: 6);

    static void AssertHears(
        NetworkDefinition definition, Func<OnnxNetwork, IFeatureNetwork> hearing, int samples, int embedding, int classes)
    {
        using var weights = new FixtureWeightsFile(definition, "");
        using var network = hearing(OnnxNetwork.Load(definition, weights.File, new() { Threads = 1 }));
        var heard = network.Of(Sounds.Noise(samples, 0.3));
        Assert.Equal((embedding, classes), (heard.Embedding.Length, heard.Probabilities.Length));
        Assert.Equal(1, heard.Probabilities.Sum(), 1e-4);
        Assert.All(heard.Embedding, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(heard.Embedding, network.Of(Sounds.Noise(samples, 0.3)).Embedding);
    }
}
