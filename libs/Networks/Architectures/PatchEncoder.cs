using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the patch encoder.</summary>
public sealed record PatchEncoderConfiguration
{
    public int MelFrames { get; init; } = ClipTiming.MelFramesPerWindow;
    public int MelBins { get; init; } = ClipTiming.MelBins;

    /// <summary>Side of a patch: mel frames per latent frame, and mel bins per latent bin.</summary>
    public int PatchSize { get; init; } = 8;

    public int LatentChannels { get; init; } = 16;

    /// <summary>
    /// Whether a <see cref="Compander"/> compresses the latent. Cosines of sounds have heavy tails: at deviation 1, most values are
    /// so small that they look like noise to a denoiser.
    /// </summary>
    public bool Compand { get; init; }

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck().InRange(c.MelFrames, 1, 8192).InRange(c.MelBins, 1, 512).InRange(c.PatchSize, 1, 64)
            .InRange(c.LatentChannels, 1, 256)
            .Multiple(c.MelFrames, c.PatchSize, by: "mel frames per latent frame")
            .Multiple(c.MelBins, c.PatchSize, by: "mel bins per latent bin")
            .ThrowIfAny();
    }
}

/// <summary>
/// A linear mel encoder: square patches of the log mel, projected onto a few directions. The directions are two-dimensional cosines (Ahmed
/// et al., "Discrete cosine transform", 1974), scaled so that each latent channel has mean 0 and deviation 1 over sounds. With
/// <see cref="PatchEncoderConfiguration.Compand"/>, the last step is not linear. It has the ports of <see cref="VaeEncoder"/>, and its
/// posterior has no variance.
/// </summary>
public sealed class PatchEncoder(Scope at, PatchEncoderConfiguration c)
{
    const float NoWidth = -30;

    readonly Conv2d projection = new(at / "projection", c.PatchSize * c.PatchSize, c.LatentChannels, 1);
    readonly Compander? compander = c.Compand ? new(at / "compander", c.LatentChannels) : null;

    public static NetworkDefinition Define(PatchEncoderConfiguration c)
    {
        c.Check();
        return new("patch_encoder",
            [new("mel", ElementType.Float32, [-1, 1, c.MelFrames, c.MelBins], "Log mel, ln(max(magnitude, 1e-5)), 100 frames a second.")],
            [new("moments", ElementType.Float32, [-1, 2 * c.LatentChannels, c.MelFrames / c.PatchSize, c.MelBins / c.PatchSize],
                "The latent in the first half of the channels, log variance -30 in the second.")],
            scope =>
            {
                var encoder = new PatchEncoder(scope, c);
                return inputs => [encoder.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor mel)                                        // [B, 1, F, M]
    {
        var latent = projection.Forward(mel.ToPatches(c.PatchSize));         // [B, Z, F / p, M / p]
        latent = compander?.Compress(latent) ?? latent;
        return latent.Concat(1, latent * 0 + NoWidth);                       // [B, 2 Z, F / p, M / p]
    }
}
