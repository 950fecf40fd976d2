namespace Rewas.Sound;

/// <summary>Similarity of two curves.</summary>
public static class Correlation
{
    /// <summary>Pearson's correlation, from -1 to 1. It is 0 if either curve is constant.</summary>
    public static double Pearson(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        ThrowUnlessPaired(first, second);
        double meanFirst = 0, meanSecond = 0;
        for (var i = 0; i < first.Length; i++)
            (meanFirst, meanSecond) = (meanFirst + first[i], meanSecond + second[i]);
        (meanFirst, meanSecond) = (meanFirst / first.Length, meanSecond / second.Length);

        double both = 0, squareFirst = 0, squareSecond = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var (a, b) = (first[i] - meanFirst, second[i] - meanSecond);
            both += a * b;
            squareFirst += a * a;
            squareSecond += b * b;
        }
        var scale = Math.Sqrt(squareFirst) * Math.Sqrt(squareSecond);
        return scale > 0 ? Math.Clamp(both / scale, -1, 1) : 0;
    }

    /// <summary>Mean of |first - second|: the energy MAE of ReWaS.</summary>
    public static double MeanAbsoluteError(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        ThrowUnlessPaired(first, second);
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
            sum += Math.Abs((double)first[i] - second[i]);
        return sum / first.Length;
    }

    static void ThrowUnlessPaired(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (first.Length != second.Length || first.IsEmpty)
            throw new ArgumentException(
                $"curves must have the same length and must not be empty, but have {first.Length} and {second.Length} values");
    }
}
