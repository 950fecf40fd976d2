using System.Globalization;

namespace Rewas.PromptCheck;

/// <summary>A description of a video.</summary>
/// <param name="Text">Plain words. They name only what is known.</param>
/// <param name="By">Author: "embedded", or CLIP with its bundle.</param>
/// <param name="Confidence">Probability of the concept, 0 to 1; 0 without a concept.</param>
/// <param name="Abstained">True if the subject of the picture is unknown.</param>
/// <param name="Concept">Subject of the picture, if known.</param>
/// <param name="Course">Course of the energy: "silent", "single", "repeated" or "sustained".</param>
/// <param name="Events">Expected onsets of sound, seconds.</param>
/// <param name="StillPart">Share of the time without motion; null if the file was not analysed.</param>
/// <param name="Cuts">Times of cuts, seconds.</param>
public sealed record Caption(
    string Text, string By, double Confidence, bool Abstained, string? Concept, string Course, IReadOnlyList<double> Events,
    double? StillPart, IReadOnlyList<double> Cuts)
{
    /// <summary>CLIP's label, if only CLIP identifies the subject.</summary>
    public string? Label { get; init; }
}

/// <summary>
/// Captions a video with the platform's own means. The predicted energy and frame differences tell when and how it moves. The concept head
/// names the subject if the picture is familiar and its confidence is high. Otherwise CLIP names it, if there is one and it does not
/// abstain.
/// </summary>
public sealed class Captioner(ConflictStatistics statistics)
{
    /// <summary>Least probability at which a concept is named.</summary>
    public const double LeastConfidence = 0.7;

    const int EventsTold = 6;

    public Caption Describe(SeenVideo video)
    {
        var seen = new ConceptHead(statistics).See(video);
        var concept = Named(seen, out var confidence);
        var energy = video.Energy.Values;
        IReadOnlyList<double> events = [.. EnergyEvents.Find(energy).Select(e => e.Seconds)];
        var course = CourseOf(energy, events.Count);
        var clip = concept is null && video.Clip is { Abstained: false } view ? view : null;
        var what = concept is not null ? $"{Capital(concept.Shown)}."
            : clip is not null
                ? string.Create(CultureInfo.InvariantCulture, $"It looks like {clip.Label.Text}, says {clip.By} ({clip.Probability:P0}).")
            : "Something moves, and I do not know what it is.";
        var picture = video.Motion switch
        {
            null => "",
            { StillPart: > 0.98 } => " The picture stands still.",
            { StillPart: > 0.4 } motion => string.Create(
                CultureInfo.InvariantCulture, $" It stands still for {motion.StillPart:P0} of the time."),
            _ => "",
        };
        if (video.Motion is { StillPart: > 0.98 } && concept is null && clip is null)
            what = "Nothing moves, and I do not know what it is.";
        var cuts = video.Motion is { Cuts.Count: > 0 } cut ? $" The picture cuts at {Times(cut.Cuts)}." : "";
        return new(
            $"{what} {Told(course, events)}{picture}{cuts}",
            clip?.By ?? "embedded",
            concept is not null ? confidence : clip?.Probability ?? 0,
            concept is null && clip is null,
            concept?.Name ?? (clip?.Label.Concepts is [var first, ..] ? first.Name : null),
            course,
            events,
            video.Motion?.StillPart,
            video.Motion?.Cuts ?? [])
        {
            Label = clip?.Label.Text,
        };
    }

    /// <summary>The concept that the head names with confidence, or null.</summary>
    internal static Concept? Named(SeenKinds seen, out double confidence)
    {
        confidence = 0;
        if (!seen.Familiar)
            return null;
        (var kind, confidence) = seen.Probabilities[0];
        return confidence >= LeastConfidence ? Concepts.OfKind(kind) : null;
    }

    string CourseOf(ReadOnlySpan<float> energy, int events)
    {
        var shape = EnergyShape.Of(energy);
        var dynamics = new DynamicDetector(statistics);
        if (dynamics.Against(Rewas.PromptCheck.Course.Silent, shape, energy) < 0)
            return "silent";
        if (dynamics.Against(Rewas.PromptCheck.Course.Sustained, shape, energy) < 0)
            return "sustained";
        return events <= 1 ? "single" : "repeated";
    }

    static string Told(string course, IReadOnlyList<double> events) => course switch
    {
        "silent" => "The picture promises no sound.",
        "sustained" => "The sound should go on without long pauses.",
        "single" when events.Count == 1 => $"One event, at {Times(events)}.",
        "single" => "No clear event.",
        _ => $"{events.Count} events, at {Times(events)}.",
    };

    static string Times(IReadOnlyList<double> seconds) =>
        string.Join(", ", seconds.Take(EventsTold).Select(s => s.ToString("0.0", CultureInfo.InvariantCulture)))
        + (seconds.Count > EventsTold ? " s and later" : " s");

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
