namespace Rewas.Sound.Placement;

/// <summary>Evaluates the gain of a piece at ascending samples.</summary>
/// <param name="first">The first sample that is evaluated.</param>
struct GainLine(PlacedPiece piece, int sampleRate, long first)
{
    readonly IReadOnlyList<GainPoint> points = piece.GainCurve;
    readonly float whole = piece.Gain;
    readonly double perSample = 1.0 / sampleRate;
    int next = PointAfter(piece.GainCurve, (double)first / sampleRate);      // first point after the last evaluated sample

    /// <param name="sample">Index in the piece.</param>
    public float At(long sample)
    {
        if (points.Count == 0)
            return whole;
        var seconds = sample * perSample;
        while (next < points.Count && points[next].Seconds <= seconds)
            next++;
        if (next == 0)
            return whole * points[0].Gain;
        if (next == points.Count || points[next].Gain == points[next - 1].Gain)
            return whole * points[next - 1].Gain;
        var (before, after) = (points[next - 1], points[next]);
        return whole * (before.Gain + (after.Gain - before.Gain) * (float)((seconds - before.Seconds) / (after.Seconds - before.Seconds)));
    }

    static int PointAfter(IReadOnlyList<GainPoint> points, double seconds)
    {
        var (low, high) = (0, points.Count);
        while (low < high)
            (low, high) = points[(low + high) / 2].Seconds <= seconds ? ((low + high) / 2 + 1, high) : (low, (low + high) / 2);
        return low;
    }
}
