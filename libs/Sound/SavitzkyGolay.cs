using Rewas.Clip;

namespace Rewas.Sound;

/// <summary>
/// Smoothing by a polynomial fitted to a sliding window (Savitzky and Golay 1964). The ends use the polynomial of the first or last full
/// window, as scipy.signal.savgol_filter does in mode "interp".
/// </summary>
public sealed class SavitzkyGolay
{
    readonly int window;
    readonly double[,] projection;                                           // [window, window]: values to fitted values

    /// <param name="window">Number of fitted points, odd.</param>
    /// <param name="order">Degree of the polynomial, below <paramref name="window"/>.</param>
    public SavitzkyGolay(int window, int order)
    {
        if (window < 1 || window % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(window), window, "must be odd and positive");
        if (order < 0 || order >= window)
            throw new ArgumentOutOfRangeException(nameof(order), order, $"must be from 0 to {window - 1}");
        this.window = window;
        projection = Projection(window, order);
    }

    /// <summary>Number of fitted points.</summary>
    internal int Window => window;

    static readonly SavitzkyGolay Published = new(9, 2), AtTrueTimes = new(5, 2);

    /// <summary>
    /// The filter for energy tokens. It spans about 0.4 s in both layouts: window 9 over the published 46 ms tokens, window 5 over the 80
    /// ms tokens at true times, both of order 2.
    /// </summary>
    public static SavitzkyGolay OfEnergy(ClipTiming timing) => timing.TokenLayout == TokenLayout.EndToEnd ? Published : AtTrueTimes;

    /// <summary>Smooths a curve; the result has the same length. The curve needs at least as many points as the window.</summary>
    public float[] Smooth(ReadOnlySpan<float> curve)
    {
        if (curve.Length < window)
            throw new ArgumentException($"smoothing needs at least {window} points, but {curve.Length} were given", nameof(curve));
        var smooth = new float[curve.Length];
        for (var i = 0; i < curve.Length; i++)
        {
            var start = Math.Clamp(i - window / 2, 0, curve.Length - window);
            var sum = 0.0;
            for (var k = 0; k < window; k++)
                sum += projection[i - start, k] * curve[start + k];
            smooth[i] = (float)sum;
        }
        return smooth;
    }

    /// <summary>Q Qᵀ, where the columns of Q are the powers 0..order of the position, orthonormalised by Gram-Schmidt.</summary>
    static double[,] Projection(int window, int order)
    {
        var projection = new double[window, window];
        var columns = new List<double[]>();
        for (var power = 0; power <= order; power++)
        {
            var column = Enumerable.Range(-(window / 2), window).Select(x => Math.Pow(x / (double)window, power)).ToArray();
            foreach (var earlier in columns)
            {
                var overlap = column.Zip(earlier, (a, b) => a * b).Sum();
                column = [.. column.Zip(earlier, (a, b) => a - overlap * b)];
            }
            var norm = Math.Sqrt(column.Sum(v => v * v));
            columns.Add([.. column.Select(v => v / norm)]);
        }
        foreach (var column in columns)
            for (var i = 0; i < window; i++)
                for (var k = 0; k < window; k++)
                    projection[i, k] += column[i] * column[k];
        return projection;
    }
}
