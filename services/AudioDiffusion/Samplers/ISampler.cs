namespace Rewas.AudioDiffusion.Samplers;

/// <summary>Moves one latent along its noise levels. Keeps the state of earlier steps and allocates nothing per step.</summary>
public interface ISampler
{
    /// <summary>Whether steps add noise.</summary>
    bool IsStochastic { get; }

    /// <summary>Takes one step, from <see cref="NoiseLevels"/>[step] to [step + 1]. Steps must come in order, from 0.</summary>
    /// <param name="step">Index from 0.</param>
    /// <param name="latent">Latent at the first level, changed in place to the second, [latent].</param>
    /// <param name="epsilon">Noise predicted for it, [latent].</param>
    /// <param name="noise">Standard normal noise, [latent]; read only if <see cref="IsStochastic"/>.</param>
    void Advance(int step, Span<float> latent, ReadOnlySpan<float> epsilon, ReadOnlySpan<float> noise);
}
