namespace Rewas.AudioDiffusion.Samplers;

/// <summary>DDIM (Song et al., 2021, arXiv 2010.02502, equation 12), first order. With eta 1 it is the ancestral sampler of DDPM.</summary>
/// <param name="eta">Noise per step: 0 none, 1 as DDPM.</param>
public sealed class DdimSampler(NoiseLevels levels, double eta) : ISampler
{
    public bool IsStochastic => eta > 0;

    /// <summary>Standard deviation of the noise added by a step (equation 16).</summary>
    public double Sigma(int step)
    {
        var (alpha, next) = (levels.Alphas[step], levels.Alphas[step + 1]);
        return eta * Math.Sqrt((1 - next) / (1 - alpha) * (1 - alpha / next));
    }

    public SamplerStep At(int step)
    {
        var sigma = Sigma(step);
        var direction = Math.Sqrt(Math.Max(0, 1 - levels.Alphas[step + 1] - sigma * sigma));
        return new(levels.Signal[step + 1] * StepSum.Clean + direction * StepSum.Epsilon + sigma * StepSum.Noise);
    }
}
