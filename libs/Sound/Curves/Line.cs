namespace Rewas.Sound.Curves;

/// <summary>Replaces values that were moved or removed by a straight line.</summary>
static class Line
{
    /// <summary>
    /// Fills values [first, end) with a line from the value before them to the value after them. At an end of the curve, the one neighbour
    /// is used; without neighbours, the quietest value of the curve.
    /// </summary>
    public static void Fill(Span<float> values, int first, int end, float quietest)
    {
        float? before = first > 0 ? values[first - 1] : null, after = end < values.Length ? values[end] : null;
        var (from, to) = (before ?? after ?? quietest, after ?? before ?? quietest);
        for (var i = first; i < end; i++)
            values[i] = At(from, to, (i - first + 1.0) / (end - first + 1));
    }

    public static float At(float from, float to, double part) => (float)(from + (to - (double)from) * part);
}
