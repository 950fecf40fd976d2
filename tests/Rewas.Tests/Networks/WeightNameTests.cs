using System.Text.Json;
using Rewas.Networks;

namespace Rewas.Tests.Networks;

/// <summary>Loading published weights is a matter of names and shapes: they must be the published ones, no more and no fewer.</summary>
public class WeightNameTests
{
    [Theory]
    [InlineData("clap_audio", "clap_audio", null)]
    [InlineData("clap_text", "clap_text", null)]
    [InlineData("controlled_unet", "unet", 415_954_568 + 182_462_672L)]
    [InlineData("hifigan", "hifigan_wn", null)]
    [InlineData("motionformer", "motionformer", 122_440_704L)]
    [InlineData("phi", "phi", 21_966_561L)]
    public void Default_sizes_ask_for_exactly_the_published_weights(string architecture, string manifest, long? parameters)
    {
        var asked = NamesOnly.Of(Published(architecture));
        AssertSame(ReferenceFile.Manifest(manifest), asked);
        if (parameters is not null)
            Assert.Equal(parameters, Count(asked));
    }

    [Fact]
    public void Both_halves_of_the_autoencoder_ask_for_exactly_the_published_weights()
    {
        var asked = NamesOnly.Of(Published("vae_encoder"));
        foreach (var (name, shape) in NamesOnly.Of(Published("vae_decoder")))
            asked.Add(name, shape);                                          // throws if they shared one
        AssertSame(ReferenceFile.Manifest("vae"), asked);
        Assert.Equal(55_376_873, Count(asked));
    }

    [Fact]
    public void A_folded_vocoder_has_one_weight_per_convolution()
    {
        var asked = NamesOnly.Of(NetworkCatalog.Create("hifigan", Json("""{ "weightNorm": false }""")));
        Assert.DoesNotContain(asked.Keys, name => name.EndsWith("_g", StringComparison.Ordinal) || name.EndsWith("_v", StringComparison.Ordinal));
        Assert.Equal(55_264_897, Count(asked));
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
