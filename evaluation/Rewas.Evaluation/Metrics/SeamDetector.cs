using System.Numerics.Tensors;
using Rewas.Clip;

namespace Rewas.Evaluation.Metrics;

/// <summary>
/// Tries to detect the joins of a sound without knowing them, by spectral flux: the change of the mean log mel from the frames before a
/// position to those after it. Each join is ranked among positions of the same length elsewhere in the sound.
/// </summary>
public static class SeamDetector
{
    /// <summary>Frames around a join that belong to it.</summary>
    const int Margin = 4;

    /// <summary>A join counts as found if its rank exceeds this. By chance, 5% of the joins are found.</summary>
    public const double Quantile = 0.95;

    /// <summary>
    /// Reach of the detector on each side, mel frames: for a click of 10 ms, a step of 80 ms, a change of timbre over 400 ms.
    /// </summary>
    public static IReadOnlyList<int> Reaches { get; } = [1, 8, 40];

    /// <summary>
    /// Mean absolute change of the log mel across each frame's start, natural-log mel. Zero where the reach passes an end.
    /// </summary>
    /// <param name="logMel">[T, 64].</param>
    /// <param name="reach">Frames on each side.</param>
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

    /// <summary>
    /// Rank of each join of two windows: the share of positions elsewhere that change less. 0 to 1, uniform if nothing reveals the joins.
    /// </summary>
    /// <param name="flux">From <see cref="Flux"/>.</param>
    /// <param name="layout">Layout of the windows.</param>
    public static IReadOnlyList<double> Ranks(float[] flux, WindowLayout layout, int reach) =>
        Ranks(
            flux, [.. Enumerable.Range(1, layout.WindowsFor(flux.Length) - 1).Select(window => (int)layout.Start(window))], layout.Overlap,
            reach);

    /// <summary>
    /// Rank of each join: the share of positions elsewhere that change less. A join at which the flux ends has no rank. If the joins leave
    /// no position free, there are no ranks.
    /// </summary>
    /// <param name="flux">From <see cref="Flux"/>.</param>
    /// <param name="starts">First frame of each join.</param>
    /// <param name="overlap">Frames that a join lasts.</param>
    public static IReadOnlyList<double> Ranks(float[] flux, IReadOnlyList<int> starts, int overlap, int reach)
    {
        var length = overlap + 2 * Margin;
        List<int> joins =
            [.. starts.Select(start => start - Margin).Where(start => start >= reach && start + length + reach <= flux.Length)];
        var elsewhere = new List<float>();
        for (var start = reach; start + length + reach <= flux.Length; start += Margin)
            if (joins.TrueForAll(join => Math.Abs(start - join) >= length + reach))
                elsewhere.Add(Peak(start));
        return elsewhere.Count == 0
            ? []
            : [.. joins.Select(join => elsewhere.Count(other => other < Peak(join)) / (double)elsewhere.Count)];

        float Peak(int start) => TensorPrimitives.Max<float>(flux.AsSpan(start, length));
    }
}
