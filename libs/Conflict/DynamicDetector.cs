namespace Rewas.Conflict;

/// <summary>
/// What a text implies about time, against the energy that the picture promises. Both of its parts are learned from recordings and their labels: how the energy of a
/// source's recordings runs, and how the energy of sounds that are single, sustained or rising does.
/// </summary>
public sealed class DynamicDetector(ConflictStatistics statistics)
{
    const float SilentBelow = -9;                                            // nepers of mean log mel; silence is -11.5

    /// <summary>Mean over the numbers of a shape of log p(all sounds) - log p(the source), nepers, at most 3 either way: above 0 the energy is unlike the source's. 0 where it was not learned.</summary>
    public double Unlike(Concept concept, float[] shape)
    {
        if (!statistics.Shapes.TryGetValue(concept.Name, out var own) || !statistics.Shapes.TryGetValue("", out var all))
            return 0;
        var sum = 0.0;
        for (var i = 0; i < shape.Length; i++)
            sum += LogDensity(shape[i], all.Mean[i], all.Deviation[i]) - LogDensity(shape[i], own.Mean[i], own.Deviation[i]);
        return Math.Clamp(sum / shape.Length, -3, 3);
    }

    /// <summary>Log odds that the energy does not run as the text says.</summary>
    public double Against(Course course, float[] shape, ReadOnlySpan<float> energy)
    {
        if (course == Course.Silent)
        {
            var sorted = energy.ToArray();
            Array.Sort(sorted);
            return Math.Clamp(2 * (sorted[(int)(0.95 * (sorted.Length - 1))] - SilentBelow), -6, 6);
        }
        return statistics.Courses.TryGetValue(course.ToString(), out var logistic) ? -logistic.LogOdds(shape) : 0;
    }

    static double LogDensity(double x, double mean, double deviation)
    {
        var z = (x - mean) / deviation;
        return -Math.Log(deviation) - 0.5 * Math.Min(z * z, 16);             // one wild number must not outweigh all others
    }
}
