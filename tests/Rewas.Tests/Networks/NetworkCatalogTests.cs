using System.Text.Json;
using Rewas.Networks.Architectures;

namespace Rewas.Tests.Networks;

public class NetworkCatalogTests
{
    [Theory]
    [InlineData(
        "clap_audio",
        """{ "pictureSize": 192 }""",
        "pictureSize must be a multiple of side of a window of the last level (256), but is 192")]
    [InlineData("clap_audio", """{ "melFrames": 1025 }""", "melFrames times melBins must not be more than pictureSize squared")]
    [InlineData("clap_audio", """{ "heads": [4, 8, 16, 48], "depths": [] }""", "depths must have 1 to 16 values, but has 0")]
    [InlineData("clap_audio", """{ "heads": [4, 8, 16, 48] }""", "each of heads must divide the channels of its level")]
    [InlineData(
        "clap_text",
        """{ "depth": 0, "heads": 7 }""",
        "depth must be from 1 to 64, but is 0; channels must be a multiple of heads (7), but is 768")]
    [InlineData("clip_image", """{ "pictureSize": 100 }""", "pictureSize must be a multiple of patchSize (32), but is 100")]
    [InlineData(
        "clip_text",
        """{ "contextLength": 0, "heads": 7 }""",
        "contextLength must be from 1 to 1024, but is 0; channels must be a multiple of heads (7), but is 512")]
    [InlineData("controlled_unet", """{ "modelChannels": 24, "groups": 5 }""", "modelChannels must be a multiple of groups (5), but is 24")]
    [InlineData(
        "controlled_unet", """{ "latentBins": 12 }""", "latentBins must be a multiple of the division at the last level (8), but is 12")]
    [InlineData("controlled_unet", """{ "channelMultipliers": [] }""", "channelMultipliers must have 1 to 16 values, but has 0")]
    [InlineData("controlled_unet", """{ "modelChannels": 2048 }""", "modelChannels must be from 2 to 1024, but is 2048")]
    [InlineData("controlled_unet", """{ "modelChannels": 2000000000 }""", "modelChannels must be at most 1000000, but is 2000000000")]
    [InlineData("controlled_unet", """{ "\ud800": 1 }""", "configuration of 'controlled_unet'")]
    [InlineData("hifigan", """{ "upsampleRates": [5, 4] }""", "upsampleKernels must have as many values as upsampleRates")]
    [InlineData(
        "hifigan", """{ "residualDilations": [null, [1], [1]] }""", "each list of residualDilations must have 1 to 16 values from 1 to 64")]
    [InlineData(
        "melception",
        """{ "melMeans": [1, 2] }""",
        "melMeans must be empty or have a value for each of melBins; melDeviations must be above 0 and as many as melMeans")]
    [InlineData("motionformer", """{ "frameSize": 100 }""", "frameSize must be a multiple of patchSize (16), but is 100")]
    [InlineData("panns_cnn14", """{ "melBins": 16 }""", "channels must not have more values than melBins can be halved")]
    [InlineData(
        "synchformer", """{ "melFrames": 15, "heads": 7 }""",
        "melFrames must be from 16 to 4096, but is 15; channels must be a multiple of heads (7), but is 768")]
    [InlineData("phi", """{ "headWidths": [0] }""", "each of headWidths must be from 1 to 4096, but they are 0")]
    [InlineData(
        "text_projection",
        """{ "inputChannels": 0, "dropout": 1 }""",
        "inputChannels must be from 1 to 8192, but is 0; dropout must be from 0 to 0.9, but is 1")]
    [InlineData("vae_encoder", """{ "melBins": 66 }""", "melBins must be a multiple of mel bins per latent bin (4), but is 66")]
    [InlineData("vae_decoder", """{ "channelMultipliers": null }""", "channelMultipliers")]
    [InlineData("phi", """{ "chanels": 3 }""", "chanels")]
    [InlineData("phi", """{ "channels": "many" }""", "channels")]
    public void Refuses_an_impossible_configuration(string architecture, string configuration, string says)
    {
        var fault = Assert.Throws<ArgumentException>(
            () => NetworkCatalog.Create(architecture, JsonSerializer.Deserialize<JsonElement>(configuration)));
        Assert.StartsWith($"configuration of '{architecture}': ", fault.Message);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_known_architectures_when_asked_for_another() =>
        Assert.Contains(
            "known: clap_audio, clap_text, clip_image, clip_text, controlled_unet, guarded_phi, hifigan, melception, motion_cnn, "
            + "motionformer, panns_cnn14, patch_encoder, phi, sound_encoder, synchformer, text_projection, vae_decoder, vae_encoder, vocos",
            Assert.Throws<ArgumentException>(() => NetworkCatalog.Create("gpt", default)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_written_configuration_reads_back_the_same()
    {
        var written = NetworkCatalog.Write(new UNetConfiguration { ModelChannels = 48, ChannelMultipliers = [1, 2], Groups = 8 });
        Assert.Equal(48, written.GetProperty("modelChannels").GetInt32());
        var read = NetworkCatalog.Read<UNetConfiguration>(written);
        Assert.Equal([1, 2], read.ChannelMultipliers);
        Assert.Equal(JsonSerializer.Serialize(written), JsonSerializer.Serialize(NetworkCatalog.Write(read)));
    }

    [Fact]
    public void Ports_follow_the_configuration()
    {
        var vae =
            NetworkCatalog.Create("vae_encoder", NetworkCatalog.Write(new VaeConfiguration { PatchSize = 4, ChannelMultipliers = [1, 2] }));
        Assert.Equal([-1, 16, 64, 8], vae.Outputs[0].Shape);
        var unet = NetworkCatalog.Create("controlled_unet", JsonSerializer.Deserialize<JsonElement>("{}"));
        Assert.Equal(["x", "t", "y", "hint"], unet.Inputs.Select(port => port.Name));
    }
}
