using System.Numerics.Tensors;
using Rewas.Networks;

namespace Rewas.Evaluation;

/// <summary>
/// Looks for the joins of a sound as one does who does not know where they are: by spectral flux, the change of the mean log mel from the frames before a place to
/// those after it. Each join is compared with the places of the same length elsewhere in the same sound.
/// </summary>
public static class SeamDetector
{
    /// <summary>Frames round a join that count as it.</summary>
    const int Margin = 4;

    /// <summary>Of the places elsewhere, so many are below what counts as found: 5% of the joins are found by chance.</summary>
    public const double Quantile = 0.95;

    /// <summary>How far the detector looks to each side, mel frames: a click of 10 ms, a step of 80 ms, a change of colour of 400 ms.</summary>
    public static IReadOnlyList<int> Reaches { get; } = [1, 8, 40];

    /// <summary>Mean absolute change of the log mel across each frame's start, natural-log mel. Zero where the reach goes past an end.</summary>
    /// <param name="logMel">[T, 64].</param>
    /// <param name="reach">Frames to each side.</param>
    public static float[] Flux(ReadOnlySpan<float> logMel, int reach)
    {
        const int Bins = ClipTiming.MelBins;
        var frames = logMel.Length / Bins;
        var flux = new float[frames];
        Span<float> difference = stackalloc float[Bins];
        for (var at = reach; at + reach <= frames; at++)
        {
            difference.Clear();
            for (var i = 0; i < reach; i++)
            {
                TensorPrimitives.Add(difference, logMel.Slice((at + i) * Bins, Bins), difference);
                TensorPrimitives.Subtract(difference, logMel.Slice((at - 1 - i) * Bins, Bins), difference);
            }
            flux[at] = TensorPrimitives.SumOfMagnitudes<float>(difference) / (reach * Bins);
        }
        return flux;
    }

    /// <summary>For each join the part of the places elsewhere that change less than it does: 0 to 1, evenly if nothing gives it away.</summary>
    /// <param name="flux">As <see cref="Flux"/> tells.</param>
    /// <param name="layout">Where the windows lie.</param>
    /// <param name="reach">Of the flux.</param>
    public static IReadOnlyList<double> Ranks(float[] flux, WindowLayout layout, int reach)
    {
        var length = layout.Overlap + 2 * Margin;
        List<int> joins = [.. Enumerable.Range(1, layout.WindowsFor(flux.Length) - 1).Select(window => (int)layout.Start(window) - Margin).Where(start => start + length + reach <= flux.Length)];
        var elsewhere = new List<float>();
        for (var start = reach; start + length + reach <= flux.Length; start += Margin)
            if (joins.TrueForAll(join => Math.Abs(start - join) >= length + reach))
                elsewhere.Add(Peak(start));
        return [.. joins.Select(join => elsewhere.Count(other => other < Peak(join)) / (double)elsewhere.Count)];

        float Peak(int start) => TensorPrimitives.Max<float>(flux.AsSpan(start, length));
    }
}
