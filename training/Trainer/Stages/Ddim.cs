using Rewas.Checkpoints;
using Rewas.Networks;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// Sampling while training, to hear and to measure what has been learnt: DDIM without noise (Song et al., 2021). The
/// platform's own samplers run the exported networks; this one runs the networks in training.
/// </summary>
sealed class Ddim(SamplerDefaults sampler)
{
    readonly double[] alphas = sampler.CumulativeAlphas();

    /// <param name="shape">[B, Z, H, W].</param>
    /// <param name="seed">Of the starting noise.</param>
    /// <param name="start">What shines through the noise at the start, [B, Z, H, W], as a clip's latent does in training; null: nothing.</param>
    /// <param name="predict">What the network predicts of a latent [B, Z, H, W] at a training step, guided.</param>
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
            var noise = sampler.Prediction == PredictionNames.Velocity ? predicted * Math.Sqrt(kept) + latent * Math.Sqrt(1 - kept) : predicted;
            var clean = (latent - noise * Math.Sqrt(1 - kept)) / Math.Sqrt(kept);
            latent = (clean * Math.Sqrt(next) + noise * Math.Sqrt(1 - next)).MoveToOuterDisposeScope();
        }
        return latent.MoveToOuterDisposeScope();
    }

    // Trailing spacing: the first step starts where there is nothing but noise, as the latent does (Lin et al., 2024, arXiv 2305.08891).
    int TimeOf(int step) => (int)((step + 1) * sampler.StartAt * sampler.TrainingSteps / sampler.Steps) - 1;
}
