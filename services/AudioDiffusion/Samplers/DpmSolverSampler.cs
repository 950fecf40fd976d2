namespace Rewas.AudioDiffusion.Samplers;

/// <summary>
/// DPM-Solver++ (2M) and SDE-DPM-Solver++ (2M) (Lu et al., 2022, arXiv 2211.01095, algorithm 2 and equation 19): second order, from the
/// clean latents of this step and the previous one, with one denoiser call per step.
/// </summary>
/// <param name="length">Number of values of a latent.</param>
/// <param name="stochastic">Whether to solve the stochastic equation.</param>
public sealed class DpmSolverSampler(NoiseLevels levels, int length, bool stochastic) : ISampler
{
    float[] clean = new float[length], previous = new float[length];

    public bool IsStochastic => stochastic;

    public void Advance(int step, Span<float> latent, ReadOnlySpan<float> epsilon, ReadOnlySpan<float> noise)
    {
        var lambda = levels.HalfLogSnr;
        var h = lambda[step + 1] - lambda[step];
        levels.Clean(step, latent, epsilon, clean);

        // Clean latent at the middle of the step, extrapolated from two: D = clean + (h / 2 h') (clean - previous).
        var extrapolation = step == 0 ? 0 : 0.5 * h / (lambda[step] - lambda[step - 1]);
        var keep = levels.Noise[step + 1] / levels.Noise[step] * (stochastic ? Math.Exp(-h) : 1);
        var rest = 1 - Math.Exp(stochastic ? -2 * h : -h);
        var take = levels.Signal[step + 1] * rest;
        var fresh = levels.Noise[step + 1] * Math.Sqrt(rest);
        for (var i = 0; i < latent.Length; i++)
        {
            var middle = clean[i] + extrapolation * (clean[i] - previous[i]);
            var next = keep * latent[i] + take * middle;
            latent[i] = (float)(stochastic ? next + fresh * noise[i] : next);
        }
        (clean, previous) = (previous, clean);
    }
}
