namespace Rewas.EndToEnd.Tests.Soak;

/// <summary>
/// Whether a value grows for good over a run. The run's first quarter is warm-up. The rest is cut into pieces, and each piece counts by its
/// lowest value: garbage collection and running requests go up and down, but what leaks never goes down. The growth is the slope of these
/// floors, the median over all pairs (Theil and Sen), so a cache that fills once does not count.
/// </summary>
/// <param name="Level">Median of the floors.</param>
/// <param name="Growth">Slope times the length of the judged part.</param>
sealed record Trend(double Level, double Growth)
{
    public const double WarmUpShare = 0.25;

    const int Pieces = 24, LeastValuesOfPiece = 4;

    /// <param name="values">At equal distances in time.</param>
    public static Trend Of(IReadOnlyList<double> values)
    {
        var judged = values.Skip((int)(values.Count * WarmUpShare)).ToArray();
        var pieces = Math.Min(Pieces, judged.Length / LeastValuesOfPiece);
        Assert.True(pieces > 2, $"{values.Count} values are too few to judge: the run must be longer");
        var floors = Enumerable.Range(0, pieces)
            .Select(i => judged[(i * judged.Length / pieces)..((i + 1) * judged.Length / pieces)].Min()).ToArray();
        var slopes = from first in Enumerable.Range(0, pieces)
                     from second in Enumerable.Range(first + 1, pieces - first - 1)
                     select (floors[second] - floors[first]) / (second - first);
        return new(Median(floors), Median(slopes) * pieces);
    }

    /// <summary>Whether the growth is at most a number, or a share of the level.</summary>
    public bool IsFlat(double most, double share) => Growth <= Math.Max(most, share * Level);

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
