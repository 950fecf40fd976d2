namespace Rewas.AudioDiffusion.Samplers;

/// <summary>
/// UniPC-2 (Zhao et al., 2023, arXiv 2302.04867, algorithms 5 and 6 in terms of the clean latent, with B(h) = e^h - 1). Each denoiser call
/// first corrects the previous step and then predicts the next one. The last step is not corrected, so there is one call per step.
/// </summary>
public sealed class UniPcSampler(NoiseLevels levels) : ISampler
{
    public bool IsStochastic => false;

    public SamplerStep At(int step)
    {
        var lambda = levels.HalfLogSnr;
        var h = lambda[step + 1] - lambda[step];
        var start = Corrected(step);
        var extrapolation = step == 0 ? 0 : 0.5 * h / (lambda[step] - lambda[step - 1]);
        var middle = StepSum.Clean + extrapolation * (StepSum.Clean - StepSum.Previous);
        var keep = levels.Noise[step + 1] / levels.Noise[step];
        var take = levels.Signal[step + 1] * (1 - Math.Exp(-h));
        return new(keep * start + take * middle) { Start = start, Previous = StepSum.Clean, Older = StepSum.Previous };
    }

    /// <summary>The latent at this level: the previous step, repeated with the clean latent found here.</summary>
    StepSum Corrected(int step)
    {
        var lambda = levels.HalfLogSnr;
        var h = step == 0 ? 0 : lambda[step] - lambda[step - 1];
        if (h == 0)
            return StepSum.Latent;
        var (first, second) = (0.0, 0.5);                                    // weights of the differences to the older and the newer
        if (step > 1)
        {
            // Both order conditions: first + second = b1, ratio * first + second = b2.
            var ratio = (lambda[step - 2] - lambda[step - 1]) / h;           // negative
            var (b1, b2) = OrderConditions(h);
            first = (b1 - b2) / (1 - ratio);
            second = b1 - first;
            first /= ratio;
        }
        var (older, newer) = (StepSum.Older - StepSum.Previous, StepSum.Clean - StepSum.Previous);
        var keep = levels.Noise[step] / levels.Noise[step - 1];
        var take = levels.Signal[step] * (1 - Math.Exp(-h));
        return keep * StepSum.Start + take * (StepSum.Previous + first * older + second * newer);
    }

    /// <summary>b1 and b2 of equation 5: n! phi_(n+1)(-h) times -h, over B. They tend to 1/2 and 1/3 for small steps.</summary>
    static (double, double) OrderConditions(double h)
    {
        var phi1 = Math.Exp(-h) - 1;
        var phi2 = phi1 / -h - 1;
        var phi3 = phi2 / -h - 0.5;
        return (phi2 / phi1, 2 * phi3 / phi1);
    }
}
