namespace Rewas.Scenes.Kinds;

/// <summary>Speed of an engine over time, 0 stopped to 1 full: a throttle moved by hand, followed with the engine's inertia.</summary>
sealed class EngineSpeed
{
    public const double Idle = 0.22;
    const double StepSeconds = SampledCurve.StepSeconds;

    readonly double[] speed, integral;      // every 5 ms; the integral in seconds at full speed

    public EngineSpeed(SceneRandom random, double seconds)
    {
        var count = SampledCurve.CountFor(seconds);
        (speed, integral) = (new double[count], new double[count]);
        double upSeconds = random.Between(0.08, 0.3), downSeconds = random.Between(0.15, 0.4);
        var running = random.Chance(0.6);
        double throttle = running ? Idle : 0, now = throttle, until = random.Between(0.2, 1.2);
        for (var i = 0; i < count; i++)
        {
            if (i * StepSeconds >= until)
            {
                throttle = Next(random, throttle);
                until += throttle > Idle ? random.Between(0.3, 1.1) : random.Between(0.4, 1.3);
            }
            speed[i] = now;
            integral[i] = i == 0 ? 0 : integral[i - 1] + now * StepSeconds;
            now += (throttle - now) * StepSeconds / (throttle > now ? upSeconds : downSeconds);
            if (throttle == 0 && now < 0.02)
                now = 0;
        }
    }

    public double At(double time) => new SampledCurve(speed).At(time);

    /// <summary>Turns made, in units of a second at full speed.</summary>
    public double IntegralAt(double time) => new SampledCurve(integral).At(time);

    /// <summary>When the integral had a value; long ago if never.</summary>
    public double TimeOfIntegral(double value)
    {
        if (value <= 0)
            return double.NegativeInfinity;
        var i = Array.BinarySearch(integral, value);
        return (i < 0 ? ~i : i) * StepSeconds;
    }

    static double Next(SceneRandom random, double throttle)
    {
        if (throttle > Idle)
            return random.Chance(0.6) ? Idle : random.Chance(0.6) ? 0 : random.Between(0.5, 1);
        return throttle == 0
            ? random.Chance(0.5) ? Idle : random.Between(0.6, 1)
            : random.Chance(0.7) ? random.Between(0.5, 1) : 0;
    }
}
