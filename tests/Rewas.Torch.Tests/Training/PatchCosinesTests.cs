using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Stages;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Training;

public sealed class PatchCosinesTests : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Latents_have_mean_0_and_deviation_1_and_the_patch_path_inverts_them(bool compand)
    {
        var c = new PatchEncoderConfiguration { Compand = compand };
        var mels = Enumerable.Range(0, 12).Select(HeavyTailed).ToArray();
        var encoderWeights = TorchWeights.From(
            PatchCosines.Measure(c, mels).Weights.ToDictionary(weight => weight.Key, weight => TorchWeights.ToHost(weight.Value)));
        var encode = PatchEncoder.Define(c).Build(new Scope(encoderWeights));
        encoderWeights.ThrowIfFaulty("mel_encoder");
        using var inference = torch.no_grad();

        var latents = Encode(torch.tensor(mels.SelectMany(mel => mel).ToArray(), [mels.Length, 1, c.MelFrames, c.MelBins]));
        var channels = latents.transpose(0, 1).reshape(c.LatentChannels, -1);
        Assert.True(channels.std(1).sub(1).abs().max().item<float>() < 0.01);
        if (!compand)
            Assert.True(channels.mean([1]).abs().max().item<float>() < 0.01);
        var tails = (channels.pow(4).mean([1]) / channels.square().mean([1]).square())[1..];
        Assert.Equal(compand, tails.max().item<float>() < 6);

        // A mel that is the same within each patch is what the first cosine alone says. All else in the decoder starts at random: silenced.
        var decoderWeights = TorchWeights.Fresh(2);
        var vae = new VaeConfiguration
        {
            PatchSize = 2,
            BaseChannels = 8,
            Groups = 4,
            ResidualBlocks = 1,
            LatentChannels = c.LatentChannels,
            Grain = true,
            PatchPath = true,
            Compand = compand,
        };
        var decode = VaeDecoder.Define(vae).Build(new Scope(decoderWeights));
        foreach (var silenced in (string[])["first_stage_model.decoder.conv_out.weight", "first_stage_model.decoder.conv_out.bias"])
            decoderWeights.Parameters[silenced].zero_();
        PatchCosines.InvertInto(decoderWeights, encoderWeights);
        var blocks =
            torch.randn([1, 1, c.MelFrames / c.PatchSize, c.MelBins / c.PatchSize], generator: new torch.Generator(3, torch.CPU)) * 2 - 6;
        var flat = blocks.repeat_interleave(c.PatchSize, 2).repeat_interleave(c.PatchSize, 3);
        var decoded = ((TorchTensor)decode([decoderWeights.Wrap(Encode(flat))])[0]).Value;
        Assert.True((decoded - flat).abs().max().item<float>() < 0.01);

        torch.Tensor Encode(torch.Tensor mel) => ((TorchTensor)encode([encoderWeights.Wrap(mel)])[0]).Value.chunk(2, 1)[0];
    }

    /// <summary>Quiet noise with rare loud values, [512, 64].</summary>
    static float[] HeavyTailed(int seed)
    {
        var random = new Random(seed);
        return [
            .. Enumerable.Range(0, ClipTiming.MelFramesPerWindow * ClipTiming.MelBins)
                .Select(_ => (float)(-6 + (random.NextDouble() - 0.5) * (random.Next(500) == 0 ? 120 : 1))),
        ];
    }
}
