namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>A rate over time and its integral, tabulated, for things that turn, flow or drive at a varying speed.</summary>
sealed class RateTable
{
    readonly double[] integrals;
    readonly SampledCurve rate, integral;

    /// <param name="rate">One value every <see cref="SampledCurve.StepSeconds"/>.</param>
    public RateTable(double[] rate)
    {
        integrals = new double[rate.Length];
        for (var i = 1; i < rate.Length; i++)
            integrals[i] = integrals[i - 1] + rate[i] * SampledCurve.StepSeconds;
        (this.rate, integral) = (new SampledCurve(rate), new SampledCurve(integrals));
    }

    public RateTable(double seconds, Func<double, double> rate)
        : this([.. Enumerable.Range(0, SampledCurve.CountFor(seconds)).Select(i => rate(i * SampledCurve.StepSeconds))])
    {
    }

    public double At(double time) => rate.At(time);

    /// <summary>The integral since time 0.</summary>
    public double IntegralAt(double time) => integral.At(time);

    /// <summary>The time when the integral had a value; long ago if it never had.</summary>
    public double TimeOfIntegral(double value)
    {
        if (value <= 0)
            return double.NegativeInfinity;
        var i = Array.BinarySearch(integrals, value);
        return (i < 0 ? ~i : i) * SampledCurve.StepSeconds;
    }
}
