using Rewas.Checkpoints;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Which noise levels the sampler visits: equally spaced steps of the schedule that the denoiser was trained on, whose betas have linear
/// square roots (Rombach et al., 2022, arXiv 2112.10752).
/// </summary>
public sealed class DdimSchedule
{
    /// <param name="defaults">The training schedule.</param>
    /// <param name="steps">Steps to visit, 1 to the training steps.</param>
    /// <param name="eta">Noise per step, 0 to 1 (Song et al., 2021, arXiv 2010.02502, equation 16).</param>
    public DdimSchedule(SamplerDefaults defaults, int steps, double eta)
    {
        Eta = eta;
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, defaults.TrainingSteps);

        var alphas = defaults.CumulativeAlphas();
        var first = steps == defaults.TrainingSteps ? 0 : 1;                 // the published spacing starts at 1 and would overrun here
        Timesteps = [.. Enumerable.Range(0, steps).Select(i => (int)((long)i * defaults.TrainingSteps / steps) + first)];
        Alphas = [.. Timesteps.Select(t => alphas[t])];
        PreviousAlphas = [alphas[0], .. Alphas[..^1]];
        Sigmas = [.. Alphas.Zip(PreviousAlphas, (a, previous) => eta * Math.Sqrt((1 - previous) / (1 - a) * (1 - a / previous)))];
    }

    public double Eta { get; }

    /// <summary>Training steps, from the least noise to the most: [steps].</summary>
    public IReadOnlyList<int> Timesteps { get; }

    /// <summary>Share of signal power at each of <see cref="Timesteps"/>: [steps].</summary>
    public double[] Alphas { get; }

    /// <summary>Share of signal power after the step from there: [steps].</summary>
    public double[] PreviousAlphas { get; }

    /// <summary>Standard deviation of the noise that the step adds: [steps].</summary>
    public double[] Sigmas { get; }
}
