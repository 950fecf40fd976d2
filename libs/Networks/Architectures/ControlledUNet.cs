using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The denoiser with its energy adapter, as one network: ReWaS (Jeong et al., 2024, arXiv 2407.05551), figure 2; published as
/// `model.diffusion_model` and `control_model` of naver-ai/rewas.
/// </summary>
public sealed class ControlledUNet(Scope at, UNetConfiguration c)
{
    public DiffusionUNet Denoiser { get; } = new(at / "model" / "diffusion_model", c);

    public EnergyAdapter Adapter { get; } = new(at / "control_model", c);

    public static NetworkDefinition Define(UNetConfiguration c)
    {
        c.Check();
        long[] latent = [-1, c.LatentChannels, c.LatentFrames, c.LatentBins];
        return new("controlled_unet",
            [
                new("x", ElementType.Float32, latent, "Noisy latent."),
                new("t", ElementType.Float32, [-1], "Training step, 0 to 999."),
                new("y", ElementType.Float32, [-1, c.FilmChannels], "Text embedding, L2-normalised."),
                new("hint", ElementType.Float32, latent,
                "Control latent: the encoded energy curve, times the latent scale; zeros for none."),
                .. c.Descriptors ? [DescriptorPort(c)] : Array.Empty<Port>(),
            ],
            [new("eps", ElementType.Float32, latent, "Predicted noise.")],
            scope =>
            {
                var network = new ControlledUNet(scope, c);
                return inputs => [network.Forward(inputs[0], inputs[1], inputs[2], inputs[3], inputs.ElementAtOrDefault(4))];
            });
    }

    /// <param name="latent">Noisy latent [B, Z, F, M], published [B, 8, 128, 16].</param>
    /// <param name="time">Training step [B], 0 to 999.</param>
    /// <param name="text">Text embedding [B, T], published [B, 512].</param>
    /// <param name="hint">Control latent, shaped like the latent.</param>
    /// <param name="descriptors"><see cref="ControlDescriptors"/> [B, 8, F]; null in a network without them.</param>
    /// <returns>The predicted noise, shaped like the latent.</returns>
    public Tensor Forward(Tensor latent, Tensor time, Tensor text, Tensor hint, Tensor? descriptors) =>
        Denoiser.Forward(latent, time, text, Adapter.Forward(latent, time, text, hint, descriptors));

    internal static Port DescriptorPort(UNetConfiguration c) =>
        new("descriptors", ElementType.Float32, [-1, ControlDescriptors.Count, c.LatentFrames],
        "Onsets and spectral texture; zeros for none.");
}
