using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The decoder of the mel autoencoder: turns a latent into a log mel spectrogram. Paper and published code are those of
/// <see cref="VaeEncoder"/>. The latent must already be divided by the bundle's latent scale.
/// </summary>
/// <remarks>
/// A decoder trained on L1 predicts medians, so noise comes out smooth. With <see cref="VaeConfiguration.Grain"/> the decoder has a second
/// output, the grain: how much each value fluctuates from frame to frame beyond the decoded mel, relative to white noise. Adding that share
/// of white noise's fluctuation restores the texture.
/// </remarks>
public sealed class VaeDecoder
{
    /// <summary>Limits of the natural log of the grain's share: from almost none to twice that of white noise.</summary>
    const float LeastLogGrain = -5, MostLogGrain = 0.7f;

    readonly VaeConfiguration c;
    readonly Conv2d unquantise, stem, head;
    readonly VaeMiddle middle;
    readonly List<Func<Tensor, Tensor>> up = [];
    readonly GroupNorm norm;
    readonly Conv2d? patchPath;
    readonly Compander? compander;

    public VaeDecoder(Scope at, VaeConfiguration configuration)
    {
        c = configuration;
        var decoder = at / "decoder";
        var channels = c.LevelChannels(c.ChannelMultipliers.Length - 1);
        unquantise = new(at / "post_quant_conv", c.LatentChannels, c.LatentChannels, 1);
        stem = new(decoder / "conv_in", c.LatentChannels, channels, 3);
        middle = new(decoder / "mid", c, channels);
        for (var level = c.ChannelMultipliers.Length - 1; level >= 0; level--)
        {
            var here = decoder / "up" / level;
            for (var i = 0; i <= c.ResidualBlocks; i++)
            {
                up.Add(new VaeResidualBlock(here / "block" / i, c, channels, c.LevelChannels(level)).Forward);
                channels = c.LevelChannels(level);
            }
            if (level > 0)
            {
                var smooth = new Conv2d(here / "upsample" / "conv", channels, channels, 3);
                up.Add(x => smooth.Forward(x.UpsampleNearest(2)));           // [B, C, 2 H, 2 W]
            }
        }
        norm = VaeBlocks.Norm(decoder / "norm_out", c, channels);
        head = new(decoder / "conv_out", channels, c.PatchSize * c.PatchSize * (c.Grain ? 2 : 1), 3);
        compander = c.Compand ? new(at / "compander", c.LatentChannels) : null;
        patchPath = c.PatchPath ? new(at / "patch_path", c.LatentChannels, c.Reduction() * c.Reduction(), 1) : null;
    }

    public static NetworkDefinition Define(VaeConfiguration c)
    {
        c.Check();
        return new("vae_decoder",
            [new("latent", ElementType.Float32, [-1, c.LatentChannels, c.MelFrames / c.Reduction(), c.MelBins / c.Reduction()],
                "Latent, already divided by the bundle's latent scale.")],
            c.Grain ? [Mel(c), Grain(c)] : [Mel(c)],
            scope =>
            {
                var decoder = new VaeDecoder(scope / "first_stage_model", c);
                return inputs => decoder.Forward(inputs[0]);
            });
    }

    /// <returns>The log mel and, with <see cref="VaeConfiguration.Grain"/>, the grain's share, each [B, 1, F, M].</returns>
    public IReadOnlyList<Tensor> Forward(Tensor latent)                      // [B, Z, F / r, M / r], published [B, 8, 128, 16]
    {
        latent = compander?.Expand(latent) ?? latent;
        var h = middle.Forward(stem.Forward(unquantise.Forward(latent)));    // [B, 4 C, F / r, M / r], published [B, 512, 128, 16]
        foreach (var step in up)
            h = step(h);                                                     // last: [B, C, F / p, M / p], published [B, 128, 512, 64]
        var patches = head.Forward(norm.Forward(h).Silu());                  // [B, p * p, F / p, M / p], twice the channels with grain
        if (!c.Grain)
            return [WithPatchPath(Unpatch(patches, c.PatchSize), latent)];
        var halves = patches.Split(2, 1);
        return
        [
            WithPatchPath(Unpatch(halves[0], c.PatchSize), latent),
            Unpatch(halves[1], c.PatchSize).Clamp(LeastLogGrain, MostLogGrain).Exp(),
        ];
    }

    static Port Mel(VaeConfiguration c) =>
        new("mel", ElementType.Float32, [-1, 1, c.MelFrames, c.MelBins], "Log mel, ln(max(magnitude, 1e-5)), 100 frames a second.");

    static Port Grain(VaeConfiguration c) =>
        new("grain", ElementType.Float32, [-1, 1, c.MelFrames, c.MelBins],
        "Share of white noise's grain that belongs on the mel, 0.007 to 2.");

    Tensor WithPatchPath(Tensor mel, Tensor latent) => patchPath is null ? mel : mel + Unpatch(patchPath.Forward(latent), c.Reduction());

    static Tensor Unpatch(Tensor patches, long p)
    {
        long frames = patches.Shape[2], bins = patches.Shape[3];
        return p == 1 ? patches : patches.Reshape(-1, p, p, frames, bins)    // [B, p, p, F / p, M / p]
            .Transpose(0, 3, 1, 4, 2).Reshape(-1, 1, frames * p, bins * p);   // [B, 1, F, M]
    }
}
