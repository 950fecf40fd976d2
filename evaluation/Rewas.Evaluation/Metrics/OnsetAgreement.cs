using Rewas.Sound;

namespace Rewas.Evaluation.Metrics;

/// <summary>Agreement of the onsets of a generated sound with those of the true one.</summary>
/// <param name="Accuracy">Share of true onsets that a generated one matches; null without true onsets.</param>
/// <param name="AveragePrecision">Of the onsets' confidence; null if neither sound has an onset.</param>
/// <param name="F1">2 hits / (true + generated); null if neither sound has an onset.</param>
public readonly record struct OnsetAgreement(double? Accuracy, double? AveragePrecision, double? F1)
{
    const int ConfidenceSamples = 1102, MergeSamples = 1102;                 // 50 ms at 22,050 Hz

    /// <summary>Largest distance of a generated onset from the true one, seconds.</summary>
    public const double ToleranceSeconds = 0.1;

    /// <summary>
    /// Counts as the published evaluation of CondFoleyGen (Du et al. 2023, arXiv 2304.08490) does: at 22,050 Hz with threshold 0.3. The
    /// confidence of a generated onset is the largest magnitude within 50 ms, relative to the clip's largest. Of generated onsets within 50
    /// ms, the most confident stays. Each true onset, in order, takes the loudest free one within 0.1 s.
    /// </summary>
    /// <remarks>
    /// The published average precision, kept here, has two peculiarities. A missed onset counts as a positive of confidence 0, so a silent
    /// clip scores 1. Once all generated onsets are taken, later true onsets do not count as missed. Our F1 has neither. A clip without
    /// true onsets has accuracy 0 in the published evaluation and is omitted here.
    /// </remarks>
    public static OnsetAgreement Between(Waveform real, Waveform generated)
    {
        var settings = OnsetSettings.CondFoleyGen;
        var magnitudes = Normalised(generated.At(settings.SampleRate).Samples);
        return Between(Places(real, settings), Places(generated, settings), magnitudes);
    }

    /// <param name="real">True onsets, samples at 22,050 Hz, ascending.</param>
    /// <param name="generated">Generated onsets, in the same form.</param>
    /// <param name="magnitudes">|wave| of the generated sound, from 0 to 1.</param>
    internal static OnsetAgreement Between(IReadOnlyList<int> real, IReadOnlyList<int> generated, float[] magnitudes)
    {
        var kept = Merged(generated, magnitudes);
        var free = kept.ToList();
        var (truths, scores, hits) = (new List<bool>(), new List<double>(), 0);
        foreach (var onset in real)
        {
            var near = free.Where(other => Math.Abs(other - onset) < ToleranceSeconds * OnsetSettings.CondFoleyGen.SampleRate).ToList();
            truths.Add(true);
            if (near.Count == 0)
            {
                scores.Add(0);
                continue;
            }
            var match = near.MaxBy(other => magnitudes[Math.Min(other, magnitudes.Length - 1)]);
            scores.Add(Confidence(match, magnitudes));
            free.Remove(match);
            hits++;
            if (free.Count == 0)
                break;
        }
        foreach (var wrong in free)
        {
            truths.Add(false);
            scores.Add(Confidence(wrong, magnitudes));
        }
        var none = real.Count + kept.Count == 0;
        return new(
            real.Count > 0 ? (double)hits / real.Count : null,
            none ? null : Rewas.Evaluation.Metrics.AveragePrecision.Of(truths, scores),
            none ? null : 2.0 * hits / (real.Count + kept.Count));
    }

    static List<int> Merged(IReadOnlyList<int> onsets, float[] magnitudes)
    {
        var kept = new List<int>();
        foreach (var onset in onsets.OrderByDescending(onset => Confidence(onset, magnitudes)))
            if (kept.TrueForAll(other => Math.Abs(other - onset) >= MergeSamples))
                kept.Add(onset);
        kept.Sort();
        return kept;
    }

    static double Confidence(int onset, float[] magnitudes)
    {
        var (first, end) = (Math.Max(0, onset - ConfidenceSamples), Math.Min(magnitudes.Length, onset + ConfidenceSamples));
        return first < end ? System.Numerics.Tensors.TensorPrimitives.Max<float>(magnitudes.AsSpan(first, end - first)) : 0;
    }

    static int[] Places(Waveform wave, OnsetSettings settings) =>
        [
            .. OnsetDetection.Find(wave.At(settings.SampleRate).Samples, settings)
                .Select(onset => (int)Math.Round(onset.Seconds * settings.SampleRate)),
        ];

    static float[] Normalised(float[] samples)
    {
        var magnitudes = samples.Select(Math.Abs).ToArray();
        var (lowest, highest) = (magnitudes.Min(), magnitudes.Max());
        return highest > lowest ? [.. magnitudes.Select(m => (m - lowest) / (highest - lowest))] : new float[magnitudes.Length];
    }
}
