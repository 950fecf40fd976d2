namespace Rewas.AudioDiffusion.Samplers;

/// <summary>
/// UniPC-2 (Zhao et al., 2023, arXiv 2302.04867, algorithms 5 and 6 in terms of the clean latent, with B(h) = e^h - 1). Each denoiser call
/// first corrects the previous step and then predicts the next one. The last step is not corrected, so there is one call per step.
/// </summary>
/// <param name="length">Number of values of a latent.</param>
public sealed class UniPcSampler(NoiseLevels levels, int length) : ISampler
{
    readonly float[] start = new float[length];                              // the corrected latent at the previous level
    float[] clean = new float[length], previous = new float[length], older = new float[length];

    public bool IsStochastic => false;

    public void Advance(int step, Span<float> latent, ReadOnlySpan<float> epsilon, ReadOnlySpan<float> noise)
    {
        levels.Clean(step, latent, epsilon, clean);
        if (step > 0)
            Correct(step, latent);
        Predict(step, latent);
        (older, previous, clean) = (previous, clean, older);
    }

    /// <summary>Repeats the previous step with the clean latent found at this level.</summary>
    void Correct(int step, Span<float> latent)
    {
        var lambda = levels.HalfLogSnr;
        var h = lambda[step] - lambda[step - 1];
        if (h == 0)
            return;
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
        var keep = levels.Noise[step] / levels.Noise[step - 1];
        var take = levels.Signal[step] * (1 - Math.Exp(-h));
        for (var i = 0; i < latent.Length; i++)
            latent[i] = (float)(keep * start[i] + take
                * (previous[i] + first * (older[i] - previous[i]) + second * (clean[i] - previous[i])));
    }

    void Predict(int step, Span<float> latent)
    {
        latent.CopyTo(start);
        var lambda = levels.HalfLogSnr;
        var h = lambda[step + 1] - lambda[step];
        var extrapolation = step == 0 ? 0 : 0.5 * h / (lambda[step] - lambda[step - 1]);
        var keep = levels.Noise[step + 1] / levels.Noise[step];
        var take = levels.Signal[step + 1] * (1 - Math.Exp(-h));
        for (var i = 0; i < latent.Length; i++)
            latent[i] = (float)(keep * latent[i] + take * (clean[i] + extrapolation * (clean[i] - previous[i])));
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
