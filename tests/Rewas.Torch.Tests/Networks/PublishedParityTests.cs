using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Tests;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Networks;

[CollectionDefinition(nameof(PublishedParityTests), DisableParallelization = true)]
public class OneFullSizeNetworkAtATime;

/// <summary>
/// At the published sizes, on the fixtures' weights, every network gives what the published one gives. One at a time: the
/// largest holds 2.4 GB of weights.
/// </summary>
[Collection(nameof(PublishedParityTests))]
public sealed class PublishedParityTests(ITestOutputHelper output) : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope(), noGradients = torch.no_grad();

    public void Dispose()
    {
        noGradients.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void The_energy_predictor_agrees()
    {
        var weights = new FixtureWeights("phi.");
        var phi = new Phi(new Scope(weights), new());
        Agrees("phi_energy.npy", phi.Forward(weights.Gauss("fixture.features", 1, 112, 768)));
    }

    [Fact, Trait("Category", "FullSize")]
    public void The_text_encoder_agrees_and_padding_changes_nothing()
    {
        var weights = new FixtureWeights("clap.");
        var clap = new ClapText(new Scope(weights), new());
        var ids = ReferenceFile.Read("clap_text_ids.npy");
        Agrees("clap_text_embed.npy", clap.Forward(weights.Input(ids)));

        long rows = ids.Shape[0], length = ids.Shape[1], padded = length + 9;
        var longer = new long[rows * padded];
        Array.Fill(longer, 1);
        for (var row = 0; row < rows; row++)
            ids.Integers.Span.Slice((int)(row * length), (int)length).CopyTo(longer.AsSpan((int)(row * padded)));
        Agrees("clap_text_embed.npy", clap.Forward(weights.Input(HostTensor.Of(longer, rows, padded))));
    }

    [Fact, Trait("Category", "FullSize")]
    public void The_denoiser_and_its_adapter_agree()
    {
        var weights = new FixtureWeights("");
        var network = new ControlledUNet(new Scope(weights), new());
        var x = weights.Gauss("fixture.x", 2, 8, 128, 16);
        var text = weights.Gauss("fixture.y", 2, 512).L2Normalize(-1);
        var hint = weights.Gauss("fixture.hint", 2, 8, 128, 16);
        var time = weights.Input([981, 121], 2);

        var control = network.Adapter.Forward(x, time, text, hint);
        Assert.Equal(13, control.Count);
        Agrees("adapter_c0_slice.npy", control[0].Slice(1, 0, 8));
        Agrees("adapter_c12.npy", control[12]);
        Agrees("unet_eps.npy", network.Denoiser.Forward(x, time, text, control));
        Agrees("unet_eps_nocontrol.npy", network.Denoiser.Forward(x, time, text));
    }

    [Fact, Trait("Category", "FullSize")]
    public void The_mel_encoder_agrees()
    {
        var weights = new FixtureWeights("first_stage_model.");
        var encoder = new VaeEncoder(new Scope(weights), new());
        Agrees("vae_moments_mel.npy", encoder.Forward(weights.Gauss("fixture.mel", 1, 1, 512, 64)));
        Agrees("vae_moments.npy", encoder.Forward(weights.Input(EnergyImage(), 1, 1, 512, 64)));
    }

    [Fact, Trait("Category", "FullSize")]
    public void The_mel_decoder_agrees()
    {
        var weights = new FixtureWeights("first_stage_model.");
        var decoder = new VaeDecoder(new Scope(weights), new());
        Agrees("vae_dec.npy", decoder.Forward(weights.Gauss("fixture.z", 1, 8, 128, 16)));
    }

    [Fact, Trait("Category", "FullSize")]
    public void The_vocoder_agrees()
    {
        var weights = new FixtureWeights("vocoder.");
        var vocoder = new HifiGan(new Scope(weights), new());
        Agrees("voc_wav.npy", vocoder.Forward(weights.Gauss("fixture.mel", 1, 64, 128)));
    }

    [Fact, Trait("Category", "FullSize")]
    public void The_video_encoder_agrees()
    {
        var weights = new FixtureWeights("vfeat_extractor.");
        var encoder = new Motionformer(new Scope(weights), new());
        var frames = weights.Gauss("fixture.frames", 2, 3, 16, 224, 224) * 0.5f;
        Agrees("motionformer_feat.npy", encoder.Forward(frames).Reshape(1, 2, 8, 768));
    }

    /// <summary>A random walk of 512 steps, standardised, the same in all 64 bins.</summary>
    static float[] EnergyImage()
    {
        var sum = 0.0;
        double[] walk = [.. FixtureGenerator.Noise("fixture.energy", 512).Select(step => sum += step)];
        var mean = walk.Average();
        var deviation = Math.Sqrt(walk.Sum(v => (v - mean) * (v - mean)) / (walk.Length - 1));
        return [.. walk.SelectMany(v => Enumerable.Repeat((float)((v - mean) / deviation), 64))];
    }

    void Agrees(string reference, Tensor actual) =>
        output.WriteLine($"{reference}: differs by at most {ReferenceFile.AssertAgrees(reference, FixtureWeights.ToHost(actual)):e1} standard deviations");
}
