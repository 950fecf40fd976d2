namespace Rewas.AudioDiffusion.Samplers;

/// <summary>
/// Moves a latent along its noise levels. It has no state: what steps keep of earlier ones is in <see cref="SamplerStep"/>.
/// </summary>
public interface ISampler
{
    /// <summary>Whether steps add noise.</summary>
    bool IsStochastic { get; }

    /// <summary>The step from <see cref="NoiseLevels"/>[step] to [step + 1].</summary>
    /// <param name="step">Index from 0. Steps are taken in order.</param>
    SamplerStep At(int step);
}
