using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Torch.Tests.Networks;
using Rewas.Trainer.Stages;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Training;

public sealed class CentredLatentsTests : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Latents_have_mean_0_and_deviation_1_and_the_decoder_gives_what_it_gave()
    {
        var c = SmallNetwork.Vae with { Compand = false };                   // centring is for linear latents
        var (encoderWeights, decoderWeights) = (TorchWeights.Fresh(1), TorchWeights.Fresh(2));
        var encode = VaeEncoder.Define(c).Build(new Scope(encoderWeights));
        var decode = VaeDecoder.Define(c).Build(new Scope(decoderWeights));
        using var inference = torch.no_grad();
        using var generator = new torch.Generator(3, torch.CPU);
        var mel = torch.randn([6, 1, c.MelFrames, c.MelBins], generator: generator) * 2 - 8;
        var moments = Moments();
        var before = Decoded(moments.chunk(2, 1)[0]);

        CentredLatents.Apply(encoderWeights, decoderWeights, moments.chunk(2, 1)[0]);
        var after = Moments().chunk(2, 1);
        var flat = after[0].transpose(0, 1).reshape(c.LatentChannels, -1);
        Assert.True(flat.mean([1]).abs().max().item<float>() < 1e-3);
        Assert.True((flat.std(1) - 1).abs().max().item<float>() < 1e-3);
        Assert.True((Decoded(after[0]) - before).abs().max().item<float>() < 1e-3);

        // The noise of the posterior scales with its mean.
        var ratio = (moments.chunk(2, 1)[1] - after[1]).transpose(0, 1).reshape(c.LatentChannels, -1).mean([1]).mul(0.5).exp();
        var deviation = moments.chunk(2, 1)[0].transpose(0, 1).reshape(c.LatentChannels, -1).std(1);
        Assert.True((ratio - deviation).abs().max().item<float>() < 1e-3);

        torch.Tensor Moments() => ((TorchTensor)encode([encoderWeights.Wrap(mel)])[0]).Value;
        torch.Tensor Decoded(torch.Tensor latent) => ((TorchTensor)decode([decoderWeights.Wrap(latent)])[0]).Value;
    }
}
