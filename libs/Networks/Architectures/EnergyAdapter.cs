using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The energy adapter: a copy of the denoiser's encoder that also reads the control latent. It adds to the denoiser's skip connections
/// through convolutions that start at zero. ReWaS (Jeong et al., 2024, arXiv 2407.05551), section 3.3, after ControlNet (Zhang et al.,
/// 2023, arXiv 2302.05543); published as Adapter of naver-ai/rewas.
/// </summary>
public sealed class EnergyAdapter
{
    readonly UNetTrunk trunk;
    readonly Linear hintLinear;
    readonly Conv2d hintConv;
    readonly Conv2d[] zeros;
    readonly DescriptorPath? descriptors;

    public EnergyAdapter(Scope at, UNetConfiguration c)
    {
        Condition = new(at, c);
        trunk = new(at, c);
        hintLinear = new(at / "input_hint_block" / 1, c.LatentBins, c.LatentBins);
        hintConv = new(at / "input_hint_block" / 4, c.LatentChannels, c.ModelChannels, 3, zero: true);
        descriptors = c.Descriptors ? new(at / "descriptor_block", c.ModelChannels, c.LatentBins) : null;
        zeros =
        [
            .. trunk.Channels.Select((width, i) => new Conv2d(at / "zero_convs" / i / 0, width, width, 1, zero: true, onPath: true)),
            new(at / "middle_block_out" / 0, trunk.Channels[^1], trunk.Channels[^1], 1, zero: true, onPath: true),
        ];
    }

    public UNetCondition Condition { get; }

    /// <summary>The input layers for the control latent. Their result is constant while a request is denoised.</summary>
    /// <param name="hint">Control latent [B, Z, F, M].</param>
    /// <param name="given"><see cref="ControlDescriptors"/> [B, 8, F]; null in a network without them.</param>
    public Tensor Hint(Tensor hint, Tensor? given = null)
    {
        var features = hintConv.Forward(hintLinear.Forward(hint).Silu());    // [B, C, F, M]
        return descriptors is null ? features : features + descriptors.Forward(given ?? throw new ArgumentNullException(nameof(given)));
    }

    /// <param name="latent">Noisy latent [B, Z, F, M], published [B, 8, 128, 16].</param>
    /// <param name="time">Training step [B], 0 to 999.</param>
    /// <param name="text">Text embedding [B, T], published [B, 512].</param>
    /// <param name="hint">Control latent, shaped like the latent.</param>
    /// <param name="given"><see cref="ControlDescriptors"/> [B, 8, F]; null in a network without them.</param>
    /// <returns>Additions to each skip connection and, last, to the middle; published: 13.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor latent, Tensor time, Tensor text, Tensor hint, Tensor? given) =>
        Forward(latent, Condition.Forward(time, text), Hint(hint, given));

    /// <summary>Runs with a condition and control features computed earlier.</summary>
    public IReadOnlyList<Tensor> Forward(Tensor latent, Tensor embedding, Tensor hintFeatures) =>
        [.. trunk.Forward(latent, embedding, hintFeatures).Zip(zeros, (x, zero) => zero.Forward(x))];   // shapes as UNetTrunk says
}

/// <summary>
/// The input layers for onsets and texture. Texture states which bins sound, so each latent bin has its own weights. The last weights start
/// at zero, so an adapter trained on energy alone is unchanged by them.
/// </summary>
sealed class DescriptorPath(Scope at, int channels, int bins)
{
    const int Kernel = 5;

    readonly Tensor enterWeight = (at / 0)["weight", channels, ControlDescriptors.Count, Kernel];
    readonly Tensor enterBias = (at / 0).Get("bias", Init.Zeros, channels);
    readonly Tensor leaveWeight = (at / 2).Get("weight", Init.Zeros, channels * bins, channels, Kernel);
    readonly Tensor leaveBias = (at / 2).Get("bias", Init.Zeros, channels * bins);
    readonly int channels = channels, bins = bins;

    public Tensor Forward(Tensor descriptors) =>                             // [B, 8, F] -> [B, C, F, M]
        descriptors.Conv1d(enterWeight, enterBias, padding: Kernel / 2).Silu().Conv1d(leaveWeight, leaveBias, padding: Kernel / 2)
            .Reshape(-1, channels, bins, descriptors.Shape[2]).Transpose(0, 1, 3, 2);
}
