using System.Text.Json;
using Rewas.Networks;
using Rewas.Networks.Architectures;

namespace Rewas.Tests.Networks;

/// <summary>Published weights load only if names and shapes are exactly the published ones.</summary>
public class WeightNameTests
{
    [Theory]
    [InlineData("clap_audio", "clap_audio", null)]
    [InlineData("clap_text", "clap_text", null)]
    [InlineData("controlled_unet", "unet", 415_954_568 + 182_462_672L)]
    [InlineData("hifigan", "hifigan_wn", null)]
    [InlineData("motionformer", "motionformer", 122_440_704L)]
    [InlineData("panns_cnn14", "panns_cnn14_16k", null)]
    [InlineData("phi", "phi", 21_966_561L)]
    [InlineData("synchformer", "synchformer", null)]
    public void Default_sizes_ask_for_exactly_the_published_weights(string architecture, string manifest, long? parameters)
    {
        var asked = WeightNames.Of(Published(architecture));
        AssertSame(ReferenceFile.Manifest(manifest), asked);
        if (parameters is not null)
            Assert.Equal(parameters, Count(asked));
    }

    [Theory]
    [InlineData("clip_image", "clip_text", "clip_vit_b32", 151_277_313)]
    [InlineData("vae_encoder", "vae_decoder", "vae", 55_376_873)]
    public void Two_networks_of_one_file_together_ask_for_exactly_its_weights(string first, string second, string manifest, long parameters)
    {
        var asked = WeightNames.Of(Published(first));
        foreach (var (name, shape) in WeightNames.Of(Published(second)))
            asked.Add(name, shape);                                          // throws if they shared one
        AssertSame(ReferenceFile.Manifest(manifest), asked);
        Assert.Equal(parameters, Count(asked));
    }

    [Fact]
    public void A_folded_vocoder_has_one_weight_per_convolution()
    {
        var asked = WeightNames.Of(NetworkCatalog.Create("hifigan", Json("""{ "weightNorm": false }""")));
        Assert.DoesNotContain(
            asked.Keys, name => name.EndsWith("_g", StringComparison.Ordinal) || name.EndsWith("_v", StringComparison.Ordinal));
        Assert.Equal(55_264_897, Count(asked));
    }

    /// <summary>torchvision's Inception v3 has 27,161,264 weights with 3 channels and 1000 classes. Two heads are smaller here.</summary>
    [Fact]
    public void Melception_has_the_trained_weights_of_Inception_with_fewer_channels_and_classes()
    {
        var trained = WeightNames.Of(Published("melception"))
            .Where(w =>
                !w.Key.Contains(".running_", StringComparison.Ordinal) && !w.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal));
        Assert.Equal(27_161_264 - 2 * 32 * 9 - (2048 + 1) * (1000 - 309) - (768 + 1) * (1000 - 309), Count(trained.ToDictionary()));
    }

    /// <summary>Every convolution counted by hand: [kernel, in, out] and biases.</summary>
    [Fact]
    public void The_48_kilohertz_vocoder_has_the_size_that_its_configuration_says()
    {
        var c = new HifiGanConfiguration                                     // the 48 kHz variant of AudioLDM 2, arXiv 2308.05734
        {
            MelBins = 256,
            UpsampleRates = [6, 5, 4, 2, 2],
            UpsampleKernels = [12, 10, 8, 4, 4],
            InitialChannels = 1536,
            ResidualKernels = [3, 7, 11, 15],
            ResidualDilations = [[1, 3, 5], [1, 3, 5], [1, 3, 5], [1, 3, 5]],
        };
        Assert.Equal(480, c.UpsampleRates.Aggregate(1, (a, b) => a * b));
        long expected = 7L * 256 * 1536 + 1536, channels = 1536;
        foreach (var kernel in c.UpsampleKernels)
        {
            expected += kernel * channels * (channels / 2) + channels / 2;
            channels /= 2;
            expected += c.ResidualKernels.Sum(k => 6 * (k * channels * channels + channels));
        }
        expected += 7 * channels + 1;
        Assert.Equal(expected, Count(WeightNames.Of(HifiGan.Define(c with { WeightNorm = false }))));
    }

    static NetworkDefinition Published(string architecture) => NetworkCatalog.Create(architecture, Json("{}"));

    static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    static long Count(Dictionary<string, long[]> weights) => weights.Values.Sum(shape => shape.Aggregate(1L, (a, b) => a * b));

    static void AssertSame(Dictionary<string, long[]> expected, Dictionary<string, long[]> actual)
    {
        static string[] Lines(Dictionary<string, long[]> weights) => [.. weights.Select(w => $"{w.Key} [{string.Join(", ", w.Value)}]")];
        Assert.Empty(Lines(expected).Except(Lines(actual)));                 // missing
        Assert.Empty(Lines(actual).Except(Lines(expected)));                 // extra
    }
}
