namespace Rewas.PromptCheck;

/// <summary>
/// Compares what a text says about time with the predicted energy. Both models are learned from labelled recordings: the energy shape of
/// each source, and the energy shape of single, sustained or rising sounds.
/// </summary>
public sealed class DynamicDetector(ConflictStatistics statistics)
{
    const float SilentBelow = -9;                                            // nepers of mean log mel; silence is -11.5

    /// <summary>
    /// Mean over the shape's numbers of log p(all sounds) - log p(the source), nepers, limited to 3 either way. Above 0, the energy is
    /// unlike the source's. It is 0 for a source that was not learned.
    /// </summary>
    public double Unlike(Concept concept, float[] shape)
    {
        if (!statistics.Shapes.TryGetValue(concept.Name, out var own) || !statistics.Shapes.TryGetValue("", out var all))
            return 0;
        var sum = 0.0;
        for (var i = 0; i < shape.Length; i++)
            sum += LogDensity(shape[i], all.Mean[i], all.Deviation[i]) - LogDensity(shape[i], own.Mean[i], own.Deviation[i]);
        return Math.Clamp(sum / shape.Length, -3, 3);
    }

    /// <summary>Log odds that the energy does not follow the course.</summary>
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
        return -Math.Log(deviation) - 0.5 * Math.Min(z * z, 16);             // one outlier must not outweigh all other numbers
    }
}
