namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// A simulated quantity, one value every 5 ms. It is read at any time by linear interpolation and is constant after the last value.
/// </summary>
/// <param name="values">At least two.</param>
readonly struct SampledCurve(double[] values)
{
    public const double StepSeconds = 0.005;

    /// <summary>The number of values for a simulation of this length.</summary>
    public static int CountFor(double seconds) => (int)Math.Ceiling(seconds / StepSeconds) + 2;

    public double At(double time)
    {
        var at = Math.Clamp(time / StepSeconds, 0, values.Length - 1.001);
        var i = (int)at;
        return values[i] + (at - i) * (values[i + 1] - values[i]);
    }
}
