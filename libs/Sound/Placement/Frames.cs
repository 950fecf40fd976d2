using Rewas.Clip;

namespace Rewas.Sound.Placement;

/// <summary>Arithmetic of the 10 ms frames of curves and energies. Value i of a curve is at i / 100 seconds.</summary>
static class Frames
{
    public const int PerSecond = ClipTiming.SampleRate / ClipTiming.HopSamples;
    public const int Hop = ClipTiming.HopSamples;

    public static double Seconds(double frame) => frame / PerSecond;

    /// <summary>Moving average over 2 <paramref name="reach"/> + 1 values, fewer at the ends.</summary>
    public static float[] Smooth(ReadOnlySpan<float> values, int reach)
    {
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
            sums[i + 1] = sums[i] + values[i];
        var smooth = new float[values.Length];
        for (var i = 0; i < smooth.Length; i++)
        {
            var (first, end) = (Math.Max(0, i - reach), Math.Min(values.Length, i + reach + 1));
            smooth[i] = (float)((sums[end] - sums[first]) / (end - first));
        }
        return smooth;
    }
}
