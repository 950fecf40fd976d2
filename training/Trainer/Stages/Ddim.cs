using Rewas.Bundles;
using Rewas.Clip.Names;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Sampling during training, to hear and measure what has been learnt: DDIM without noise (Song et al., 2021). The platform's samplers run
/// the exported networks; this one runs the networks in training.
/// </summary>
sealed class Ddim(SamplerDefaults sampler)
{
    readonly double[] alphas = sampler.CumulativeAlphas();

    /// <param name="shape">[B, Z, H, W].</param>
    /// <param name="seed">Seed of the starting noise.</param>
    /// <param name="start">A latent mixed into the starting noise, [B, Z, H, W], as in training; null for none.</param>
    /// <param name="predict">The guided prediction of the network for a latent [B, Z, H, W] at a time step.</param>
    /// <returns>Latents, scaled as the denoiser sees them.</returns>
    public torch.Tensor Sample(long[] shape, ulong seed, torch.Tensor? start, Func<torch.Tensor, int, torch.Tensor> predict)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(seed, torch.CPU);
        var latent = torch.randn(shape, generator: generator);
        if (start is not null && alphas[TimeOf(sampler.Steps - 1)] is var shining)
            latent = latent * Math.Sqrt(1 - shining) + start * Math.Sqrt(shining);
        for (var i = sampler.Steps - 1; i >= 0; i--)
        {
            using var step = torch.NewDisposeScope();
            var time = TimeOf(i);
            var (kept, next) = (alphas[time], i == 0 ? 1.0 : alphas[TimeOf(i - 1)]);
            var predicted = predict(latent, time);
            var noise = sampler.Prediction == PredictionNames.Velocity
                ? predicted * Math.Sqrt(kept) + latent * Math.Sqrt(1 - kept)
                : predicted;
            var clean = (latent - noise * Math.Sqrt(1 - kept)) / Math.Sqrt(kept);
            latent = (clean * Math.Sqrt(next) + noise * Math.Sqrt(1 - next)).MoveToOuterDisposeScope();
        }
        return latent.MoveToOuterDisposeScope();
    }

    // Trailing spacing: the first step starts at pure noise, as the latent does (Lin et al., 2024, arXiv 2305.08891).
    int TimeOf(int step) => (int)((step + 1) * sampler.StartAt * sampler.TrainingSteps / sampler.Steps) - 1;
}
