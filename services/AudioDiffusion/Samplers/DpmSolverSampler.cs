namespace Rewas.AudioDiffusion.Samplers;

/// <summary>
/// DPM-Solver++ (2M) and SDE-DPM-Solver++ (2M) (Lu et al., 2022, arXiv 2211.01095, algorithm 2 and equation 19): second order, from the
/// clean latents of this step and the previous one, with one denoiser call per step.
/// </summary>
/// <param name="stochastic">Whether to solve the stochastic equation.</param>
public sealed class DpmSolverSampler(NoiseLevels levels, bool stochastic) : ISampler
{
    public bool IsStochastic => stochastic;

    public SamplerStep At(int step)
    {
        var lambda = levels.HalfLogSnr;
        var h = lambda[step + 1] - lambda[step];

        // Clean latent at the middle of the step, extrapolated from two: D = clean + (h / 2 h') (clean - previous).
        var extrapolation = step == 0 ? 0 : 0.5 * h / (lambda[step] - lambda[step - 1]);
        var middle = StepSum.Clean + extrapolation * (StepSum.Clean - StepSum.Previous);
        var keep = levels.Noise[step + 1] / levels.Noise[step] * (stochastic ? Math.Exp(-h) : 1);
        var rest = 1 - Math.Exp(stochastic ? -2 * h : -h);
        var fresh = stochastic ? levels.Noise[step + 1] * Math.Sqrt(rest) : 0;
        return new(keep * StepSum.Latent + levels.Signal[step + 1] * rest * middle + fresh * StepSum.Noise) { Previous = StepSum.Clean };
    }
}
