using Rewas.PromptCheck;

namespace Rewas.Evaluation.PromptChecks;

/// <summary>A procedural scene and what the bundle sees in it.</summary>
/// <param name="Captions">All are true of the scene.</param>
/// <param name="Seen">As seen by the bundle's networks.</param>
/// <param name="TrueEnergy">Energy of the scene's own sound, smoothed like a prediction.</param>
public sealed record WatchedScene(string Kind, ulong Seed, IReadOnlyList<string> Captions, SeenVideo Seen, float[] TrueEnergy)
{
    /// <summary>Courses of the true sound that are certain: a course and whether it is true.</summary>
    public IReadOnlyList<(Course Course, bool True)> Courses => TrueCourses.Of(TrueEnergy);
}

/// <summary>Decides which courses of a sound are certainly true or certainly false. Ambiguous ones are omitted.</summary>
public static class TrueCourses
{
    public static IReadOnlyList<(Course Course, bool True)> Of(ReadOnlySpan<float> energy)
    {
        var shape = EnergyShape.Of(energy);
        var events = EnergyEvents.Find(energy).Count;
        var (active, trend, pause) = (shape[0], shape[6], shape[8]);
        var courses = new List<(Course, bool)>();
        if (events is 1 or >= 4 && !(events == 1 && active > 0.8))
            courses.AddRange([(Course.Single, events == 1), (Course.Repeated, events != 1)]);
        if (active is > 0.9f or < 0.6f)
            courses.AddRange([(Course.Sustained, active > 0.9f && pause < 0.1f), (Course.Impulsive, active < 0.6f)]);
        if (Math.Abs(trend) > 1.5)
            courses.AddRange([(Course.Rising, trend > 0), (Course.Falling, trend < 0)]);
        else if (Math.Abs(trend) < 0.3)
            courses.AddRange([(Course.Rising, false), (Course.Falling, false)]);
        return courses;
    }
}
