using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>A level in [0, 1] that holds for a while and then moves smoothly to another level: lulls and bursts.</summary>
sealed class IntensityCurve
{
    readonly List<(double Time, double Level)> points = [];

    /// <param name="random">Decides levels and times.</param>
    /// <param name="seconds">Length.</param>
    /// <param name="shortest">Least time from one level to the next, seconds.</param>
    /// <param name="longest">Greatest time from one level to the next, seconds.</param>
    public IntensityCurve(SceneRandom random, double seconds, double shortest, double longest)
    {
        var level = random.Unit();
        for (var time = 0.0; time < seconds; time += random.Between(shortest, longest))
        {
            points.Add((time, level));
            level = level < 0.4
                ? random.Between(0.6, 1)
                : random.Chance(0.75) ? random.Between(0, 0.15) : random.Between(0.2, 1);
        }
    }

    public double At(double time)
    {
        var next = points.FindIndex(p => p.Time > time);
        if (next <= 0)
            return points[next < 0 ? points.Count - 1 : 0].Level;
        var (start, from) = points[next - 1];
        var (end, to) = points[next];
        // Holds for the first half, moves in the second.
        var u = Math.Clamp(2 * (time - start) / (end - start) - 1, 0, 1);
        return from + (to - from) * u * u * (3 - 2 * u);
    }
}
