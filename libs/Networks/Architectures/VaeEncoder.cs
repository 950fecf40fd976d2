using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The encoder of the mel autoencoder: turns a log mel spectrogram into mean and log variance of its latent. AudioLDM (Liu et al., 2023,
/// arXiv 2301.12503), section 3.2, after latent diffusion (Rombach et al., 2022); published as AutoencoderKL of haoheliu/AudioLDM, used by
/// naver-ai/rewas.
/// </summary>
public sealed class VaeEncoder
{
    readonly VaeConfiguration c;
    readonly Conv2d stem;
    readonly List<Func<Tensor, Tensor>> down = [];
    readonly VaeMiddle middle;
    readonly GroupNorm norm;
    readonly Conv2d head, quantise;

    public VaeEncoder(Scope at, VaeConfiguration configuration)
    {
        c = configuration;
        var encoder = at / "encoder";
        var channels = c.BaseChannels;
        stem = new(encoder / "conv_in", c.PatchSize * c.PatchSize, channels, 3);
        for (var level = 0; level < c.ChannelMultipliers.Length; level++)
        {
            var here = encoder / "down" / level;
            for (var i = 0; i < c.ResidualBlocks; i++)
            {
                down.Add(new VaeResidualBlock(here / "block" / i, c, channels, c.LevelChannels(level)).Forward);
                channels = c.LevelChannels(level);
            }
            if (level < c.ChannelMultipliers.Length - 1)
            {
                var halve = new Conv2d(here / "downsample" / "conv", channels, channels, 3, stride: 2, padding: 0);
                down.Add(x => halve.Forward(x.Pad(0, 1, 0, 1)));             // zeros on the right and below only: [B, C, H / 2, W / 2]
            }
        }
        middle = new(encoder / "mid", c, channels);
        norm = VaeBlocks.Norm(encoder / "norm_out", c, channels);
        head = new(encoder / "conv_out", channels, 2 * c.LatentChannels, 3);
        quantise = new(at / "quant_conv", 2 * c.LatentChannels, 2 * c.LatentChannels, 1);
    }

    public static NetworkDefinition Define(VaeConfiguration c)
    {
        c.Check();
        return new("vae_encoder",
            [new("mel", ElementType.Float32, [-1, 1, c.MelFrames, c.MelBins], "Log mel, ln(max(magnitude, 1e-5)), 100 frames a second.")],
            [new("moments", ElementType.Float32, [-1, 2 * c.LatentChannels, c.MelFrames / c.Reduction(), c.MelBins / c.Reduction()],
                "Mean of the latent in the first half of the channels, log variance in the second.")],
            scope =>
            {
                var encoder = new VaeEncoder(scope / "first_stage_model", c);
                return inputs => [encoder.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor mel)                                        // [B, 1, F, M], published [B, 1, 512, 64]
    {
        var h = stem.Forward(mel.ToPatches(c.PatchSize));                                  // [B, C, F / p, M / p]
        foreach (var step in down)
            h = step(h);                                                     // last: [B, 4 C, F / r, M / r], published [B, 512, 128, 16]
        h = middle.Forward(h);
        return quantise.Forward(head.Forward(norm.Forward(h).Silu()));       // [B, 2 Z, F / r, M / r], published [B, 16, 128, 16]
    }
}
