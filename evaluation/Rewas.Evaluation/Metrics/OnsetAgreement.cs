using Rewas.Audio;

namespace Rewas.Evaluation;

/// <summary>How the onsets of a generated sound fit those of the true one.</summary>
/// <param name="Accuracy">Part of the true onsets that a generated one meets; null where the true sound has none.</param>
/// <param name="AveragePrecision">Of the onsets' confidence; null where neither sound has an onset.</param>
/// <param name="F1">2 hits / (true + generated); null where neither sound has an onset.</param>
public readonly record struct OnsetAgreement(double? Accuracy, double? AveragePrecision, double? F1)
{
    const int ConfidenceSamples = 1102, MergeSamples = 1102;                 // 50 ms at 22,050 Hz

    /// <summary>How far a generated onset may be from the true one, seconds.</summary>
    public const double ToleranceSeconds = 0.1;

    /// <summary>
    /// As the published evaluation of CondFoleyGen (Du et al. 2023, arXiv 2304.08490) counts: at 22,050 Hz with threshold 0.3; the confidence of a
    /// generated onset is the largest magnitude within 50 ms, of the clip's largest; of generated onsets within 50 ms the surest stays; each true
    /// onset, in order, takes the loudest free one within 0.1 s.
    /// </summary>
    /// <remarks>
    /// What a reader of the figures should know of the published average precision, which is kept here: a missed onset counts as a positive of
    /// confidence 0, so a silent clip scores 1; and once all generated onsets are taken, later true onsets are not counted as missed. F1, which is
    /// ours, has neither property. A clip with no true onset counts as accuracy 0 there; here it is left out.
    /// </remarks>
    /// <param name="real">The true sound.</param>
    /// <param name="generated">The generated sound.</param>
    public static OnsetAgreement Between(Waveform real, Waveform generated)
    {
        var settings = OnsetSettings.CondFoleyGen;
        var magnitudes = Normalised(generated.At(settings.SampleRate).Samples);
        return Between(Places(real, settings), Places(generated, settings), magnitudes);
    }

    /// <param name="real">True onsets, samples at 22,050 Hz, rising.</param>
    /// <param name="generated">Generated onsets, likewise.</param>
    /// <param name="magnitudes">|wave| of the generated sound from 0 to 1.</param>
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
            none ? null : Evaluation.AveragePrecision.Of(truths, scores),
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
        [.. OnsetDetection.Find(wave.At(settings.SampleRate).Samples, settings).Select(onset => (int)Math.Round(onset.Seconds * settings.SampleRate))];

    static float[] Normalised(float[] samples)
    {
        var magnitudes = samples.Select(Math.Abs).ToArray();
        var (lowest, highest) = (magnitudes.Min(), magnitudes.Max());
        return highest > lowest ? [.. magnitudes.Select(m => (m - lowest) / (highest - lowest))] : new float[magnitudes.Length];
    }
}
