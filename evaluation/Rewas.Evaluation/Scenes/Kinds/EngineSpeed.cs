using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// Speed of an engine over time, 0 (stopped) to 1 (full). A hand moves the throttle, and the engine follows with inertia.
/// </summary>
sealed class EngineSpeed
{
    public const double Idle = 0.22;

    readonly RateTable speed;

    public EngineSpeed(SceneRandom random, double seconds)
    {
        var steps = new double[SampledCurve.CountFor(seconds)];
        double upSeconds = random.Between(0.08, 0.3), downSeconds = random.Between(0.15, 0.4);
        var running = random.Chance(0.6);
        double throttle = running ? Idle : 0, now = throttle, until = random.Between(0.2, 1.2);
        for (var i = 0; i < steps.Length; i++)
        {
            if (i * SampledCurve.StepSeconds >= until)
            {
                throttle = Next(random, throttle);
                until += throttle > Idle ? random.Between(0.3, 1.1) : random.Between(0.4, 1.3);
            }
            steps[i] = now;
            now += (throttle - now) * SampledCurve.StepSeconds / (throttle > now ? upSeconds : downSeconds);
            if (throttle == 0 && now < 0.02)
                now = 0;
        }
        speed = new RateTable(steps);
    }

    public double At(double time) => speed.At(time);

    /// <summary>Turns made, in units of a second at full speed.</summary>
    public double IntegralAt(double time) => speed.IntegralAt(time);

    /// <summary>The time when the integral had a value; long ago if it never had.</summary>
    public double TimeOfIntegral(double value) => speed.TimeOfIntegral(value);

    static double Next(SceneRandom random, double throttle)
    {
        if (throttle > Idle)
            return random.Chance(0.6) ? Idle : random.Chance(0.6) ? 0 : random.Between(0.5, 1);
        return throttle == 0
            ? random.Chance(0.5) ? Idle : random.Between(0.6, 1)
            : random.Chance(0.7) ? random.Between(0.5, 1) : 0;
    }
}
