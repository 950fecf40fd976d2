using System.Numerics.Tensors;
using Rewas.Bundles;
using Rewas.Clip.Names;

namespace Rewas.AudioDiffusion.Samplers;

/// <summary>
/// The noise levels of sampling, from the strongest to the weakest. Level i is the start of step i. The last one, where sampling ends, is
/// the weakest noise of the training. At each level, x = Signal * clean + Noise * epsilon.
/// </summary>
public sealed class NoiseLevels
{
    /// <summary>Rho of Karras et al., 2022, arXiv 2206.00364, equation 5.</summary>
    const double KarrasExponent = 7;

    const double LeastLevel = 0.01;

    readonly bool predictsVelocity;

    /// <param name="training">
    /// The training schedule, in which the square root of beta is linear (Rombach et al., 2022, arXiv 2112.10752).
    /// </param>
    /// <param name="spacing">One of <see cref="SamplerNames.Spacings"/>.</param>
    /// <param name="steps">Steps to take, 1 to the training steps.</param>
    public NoiseLevels(SamplerDefaults training, string spacing, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, training.TrainingSteps);
        (Spacing, TrainingSteps, StartsFromControl, predictsVelocity) =
            (spacing, training.TrainingSteps, training.StartAt < 1, training.Prediction == PredictionNames.Velocity);

        var alphas = training.CumulativeAlphas()[..(int)Math.Round(training.StartAt * training.TrainingSteps)];
        Times = spacing switch
        {
            SamplerNames.Uniform or SamplerNames.Trailing when steps > alphas.Length => Finer(alphas.Length, steps),
            SamplerNames.Uniform => Uniform(alphas.Length, steps),
            SamplerNames.Trailing => Trailing(alphas.Length, steps),
            SamplerNames.LogSnr => Between(alphas, steps, halfLogSnr => halfLogSnr, value => value),
            SamplerNames.Karras => Between(
                alphas, steps, halfLogSnr => Math.Exp(-halfLogSnr / KarrasExponent), root => -KarrasExponent * Math.Log(root)),
            _ => throw new ArgumentException($"spacing '{spacing}' is unknown", nameof(spacing)),
        };
        Alphas = [.. Times.Select(time => AlphaAt(alphas, time)), alphas[0]];
        Signal = [.. Alphas.Select(Math.Sqrt)];
        Noise = [.. Alphas.Select(alpha => Math.Sqrt(1 - alpha))];
        HalfLogSnr = [.. Alphas.Select(HalfLogSnrOf)];
    }

    /// <summary>The levels from a share of the training steps on. The first one contains the latent of a sound, however weakly.</summary>
    /// <param name="level">Above 0, to 1. At least 1/100 is used, because steps need room.</param>
    public static NoiseLevels From(double level, SamplerDefaults training, string spacing, int steps) =>
        new(training with { StartAt = Math.Max(LeastLevel, level) }, spacing, steps) { StartsFromControl = true };

    public string Spacing { get; }

    public int TrainingSteps { get; }

    public int Steps => Times.Length;

    /// <summary>Whether the first level contains a latent, of the control or of recordings, and is not pure noise.</summary>
    public bool StartsFromControl { get; private init; }

    /// <summary>Training step of each level, [steps]; may be fractional.</summary>
    public double[] Times { get; }

    /// <summary>Share of signal power, [steps + 1].</summary>
    public double[] Alphas { get; }

    /// <summary>Amplitude of the clean latent, [steps + 1].</summary>
    public double[] Signal { get; }

    /// <summary>Amplitude of the noise, [steps + 1].</summary>
    public double[] Noise { get; }

    /// <summary>log(Signal / Noise), lambda in the papers of the samplers, [steps + 1].</summary>
    public double[] HalfLogSnr { get; }

    /// <summary>
    /// Turns a prediction into the noise of a latent. A denoiser predicts that noise, or the velocity v = Signal * epsilon - Noise * clean
    /// (Salimans and Ho, 2022, arXiv 2202.00512), from which epsilon = Signal * v + Noise * x.
    /// </summary>
    /// <param name="level">Noise level of the latent.</param>
    /// <param name="latent">[latent].</param>
    /// <param name="predicted">Guided prediction, [latent].</param>
    /// <param name="epsilon">Result, [latent]; may be the memory of the prediction.</param>
    public void Epsilon(int level, ReadOnlySpan<float> latent, ReadOnlySpan<float> predicted, Span<float> epsilon)
    {
        var (ofLatent, ofPrediction) = EpsilonWeights(level);
        TensorPrimitives.Multiply(predicted, (float)ofPrediction, epsilon);
        if (ofLatent != 0)
            TensorPrimitives.MultiplyAdd(latent, (float)ofLatent, epsilon, epsilon);
    }

    /// <summary>The weights of a latent and of the guided prediction in the noise of the latent.</summary>
    public (double OfLatent, double OfPrediction) EpsilonWeights(int level) => predictsVelocity ? (Noise[level], Signal[level]) : (0, 1);

    /// <summary>The clean latent that a predicted noise implies.</summary>
    /// <param name="level">Noise level of the latent.</param>
    /// <param name="latent">[latent].</param>
    /// <param name="epsilon">Predicted noise, [latent].</param>
    /// <param name="clean">Result, [latent].</param>
    public void Clean(int level, ReadOnlySpan<float> latent, ReadOnlySpan<float> epsilon, Span<float> clean)
    {
        var (signal, noise) = (Signal[level], Noise[level]);
        for (var i = 0; i < clean.Length; i++)
            clean[i] = (float)((latent[i] - noise * epsilon[i]) / signal);
    }

    /// <summary>Equal steps that end at training step 1, as published (Song et al., 2021, arXiv 2010.02502, section D.3).</summary>
    static double[] Uniform(int trainingSteps, int steps)
    {
        var last = steps == trainingSteps ? 0 : 1;                           // with all training steps, an offset of 1 would overrun
        return [.. Enumerable.Range(0, steps).Reverse().Select(i => (double)((long)i * trainingSteps / steps + last))];
    }

    /// <summary>Equal steps that start at the last training step (Lin et al., 2024, arXiv 2305.08891, section 3.3).</summary>
    static double[] Trailing(int trainingSteps, int steps) =>
        [.. Enumerable.Range(0, steps).Select(i => Math.Round((double)(steps - i) * trainingSteps / steps) - 1)];

    /// <summary>
    /// Equal fractional steps, for schedules that do not start at the last training step: fewer training steps remain than may be
    /// requested.
    /// </summary>
    static double[] Finer(int trainingSteps, int steps) =>
        [.. Enumerable.Range(0, steps).Select(i => (trainingSteps - 1.0) * (steps - i) / steps)];

    /// <summary>
    /// Equal steps of a function of lambda, from the last training step to the first: of lambda itself (Lu et al., 2022, arXiv 2206.00927,
    /// section 3.4), or of the seventh root of the noise-to-signal ratio (Karras).
    /// </summary>
    static double[] Between(double[] alphas, int steps, Func<double, double> scale, Func<double, double> unscale)
    {
        var lambdas = Array.ConvertAll(alphas, HalfLogSnrOf);                // falls with the training step
        var (first, end) = (scale(lambdas[^1]), scale(lambdas[0]));
        return [.. Enumerable.Range(0, steps).Select(i => TimeAt(lambdas, unscale(first + (end - first) * i / steps)))];
    }

    /// <summary>Training step with a given lambda, linearly interpolated.</summary>
    static double TimeAt(double[] lambdas, double lambda)
    {
        var (low, high) = (0, lambdas.Length - 1);                           // lambdas[low] >= lambda >= lambdas[high]
        if (lambda <= lambdas[high])
            return high;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = lambdas[middle] >= lambda ? (middle, high) : (low, middle);
        }
        return high == low ? low : low + (lambdas[low] - lambda) / (lambdas[low] - lambdas[high]);
    }

    /// <summary>Share of signal power at a training step, with linear interpolation of lambda.</summary>
    static double AlphaAt(double[] alphas, double time)
    {
        var (low, part) = ((int)time, time - Math.Floor(time));
        if (part == 0)
            return alphas[low];
        var lambda = HalfLogSnrOf(alphas[low]) * (1 - part) + HalfLogSnrOf(alphas[low + 1]) * part;
        return 1 / (1 + Math.Exp(-2 * lambda));
    }

    static double HalfLogSnrOf(double alpha) => 0.5 * Math.Log(alpha / (1 - alpha));
}
