using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The energy adapter: a copy of the denoiser's way down that also sees the control latent, and adds to the denoiser's skip
/// connections through convolutions that start at zero. ReWaS (Jeong et al., 2024, arXiv 2407.05551), section 3.3, after
/// ControlNet (Zhang et al., 2023, arXiv 2302.05543); published as Adapter of naver-ai/rewas.
/// </summary>
public sealed class EnergyAdapter
{
    readonly UNetTrunk trunk;
    readonly Linear hintLinear;
    readonly Conv2d hintConv;
    readonly Conv2d[] zeros;

    public EnergyAdapter(Scope at, UNetConfiguration c)
    {
        Condition = new(at, c);
        trunk = new(at, c);
        hintLinear = new(at / "input_hint_block" / 1, c.LatentBins, c.LatentBins);
        hintConv = new(at / "input_hint_block" / 4, c.LatentChannels, c.ModelChannels, 3, zero: true);
        zeros =
        [
            .. trunk.Channels.Select((width, i) => new Conv2d(at / "zero_convs" / i / 0, width, width, 1, zero: true)),
            new(at / "middle_block_out" / 0, trunk.Channels[^1], trunk.Channels[^1], 1, zero: true),
        ];
    }

    public UNetCondition Condition { get; }

    /// <summary>The way of the control latent into the adapter; it does not change while a request is denoised.</summary>
    /// <param name="hint">Control latent [B, Z, F, M].</param>
    public Tensor Hint(Tensor hint) => hintConv.Forward(hintLinear.Forward(hint).Silu());   // [B, C, F, M]

    /// <param name="latent">Noisy latent [B, Z, F, M], published [B, 8, 128, 16].</param>
    /// <param name="time">Training step [B], 0 to 999.</param>
    /// <param name="text">Text embedding [B, T], published [B, 512].</param>
    /// <param name="hint">Control latent, shaped as the latent.</param>
    /// <returns>What to add to each skip connection and, last, to the middle; published 13 of them.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor latent, Tensor time, Tensor text, Tensor hint) =>
        Forward(latent, Condition.Forward(time, text), Hint(hint));

    /// <summary>The same with the condition and the hint's way computed before.</summary>
    public IReadOnlyList<Tensor> Forward(Tensor latent, Tensor embedding, Tensor hintFeatures) =>
        [.. trunk.Forward(latent, embedding, hintFeatures).Zip(zeros, (x, zero) => zero.Forward(x))];   // shapes as UNetTrunk says
}
