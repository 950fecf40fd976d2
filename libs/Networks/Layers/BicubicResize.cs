namespace Rewas.Networks.Layers;

/// <summary>
/// Stretches a sequence by cubic convolution (Keys, 1981), with the rule of PyTorch's
/// <c>interpolate(mode='bicubic', align_corners=True)</c>: end points map to end points, and values beyond them repeat the last one.
/// </summary>
public static class BicubicResize
{
    const double A = -0.75;                                                  // slope of the kernel at distance 1

    /// <summary>Weights from old to new values: [to, from], row-major.</summary>
    public static float[] Matrix(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, 2);
        var matrix = new float[to * from];
        for (var i = 0; i < to; i++)
        {
            var position = (double)i * (from - 1) / (to - 1);
            var before = (int)position;
            for (var tap = before - 1; tap <= before + 2; tap++)
                matrix[i * from + Math.Clamp(tap, 0, from - 1)] += (float)Kernel(Math.Abs(tap - position));
        }
        return matrix;
    }

    static double Kernel(double distance) => distance switch
    {
        <= 1 => ((A + 2) * distance - (A + 3)) * distance * distance + 1,
        < 2 => A * (((distance - 5) * distance + 8) * distance - 4),
        _ => 0,
    };
}
