namespace Rewas.AudioDiffusion.Samplers;

/// <summary>Takes one latent along its noise levels. Keeps what it needs of earlier steps, and allocates nothing while it goes.</summary>
public interface ISampler
{
    /// <summary>Whether steps add noise.</summary>
    bool IsStochastic { get; }

    /// <summary>One step: from <see cref="NoiseLevels"/>[step] to [step + 1]. Steps come in order, from 0.</summary>
    /// <param name="step">Step, from 0.</param>
    /// <param name="latent">The latent at the one level; afterwards at the next. [latent].</param>
    /// <param name="epsilon">Noise that the denoiser predicted for it, [latent].</param>
    /// <param name="noise">Standard normal noise, [latent]; read only if <see cref="IsStochastic"/>.</param>
    void Advance(int step, Span<float> latent, ReadOnlySpan<float> epsilon, ReadOnlySpan<float> noise);
}
