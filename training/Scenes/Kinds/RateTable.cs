namespace Rewas.Scenes.Kinds;

/// <summary>A rate over time and its integral, tabulated: what turns, flows or drives at a varying speed.</summary>
sealed class RateTable
{
    public const double StepSeconds = 0.005;

    readonly double[] rate, integral;       // every 5 ms

    public RateTable(double[] rate)
    {
        this.rate = rate;
        integral = new double[rate.Length];
        for (var i = 1; i < rate.Length; i++)
            integral[i] = integral[i - 1] + rate[i] * StepSeconds;
    }

    public RateTable(double seconds, Func<double, double> rate)
        : this([.. Enumerable.Range(0, StepsFor(seconds)).Select(i => rate(i * StepSeconds))])
    {
    }

    public static int StepsFor(double seconds) => (int)Math.Ceiling(seconds / StepSeconds) + 2;

    public double At(double time) => Interpolate(rate, time);

    /// <summary>Since time 0.</summary>
    public double IntegralAt(double time) => Interpolate(integral, time);

    /// <summary>When the integral had a value; long ago if never.</summary>
    public double TimeOfIntegral(double value)
    {
        if (value <= 0)
            return double.NegativeInfinity;
        var i = Array.BinarySearch(integral, value);
        return (i < 0 ? ~i : i) * StepSeconds;
    }

    static double Interpolate(double[] table, double time)
    {
        var at = Math.Clamp(time / StepSeconds, 0, table.Length - 1.001);
        var i = (int)at;
        return table[i] + (at - i) * (table[i + 1] - table[i]);
    }
}
