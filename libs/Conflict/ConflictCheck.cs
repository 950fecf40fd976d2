using System.Globalization;

namespace Rewas.Conflict;

/// <summary>
/// Does the text ask for what the picture cannot mean? Two detectors, one report: semantic (the sources named against the kinds seen) and dynamic (their course in time
/// against the predicted energy). :: Step 1: read both. :: Step 2: weigh each source. :: Step 3: weigh each word about time. :: Step 4: verdict and suggestions.
/// </summary>
public sealed class ConflictCheck(ConflictStatistics statistics)
{
    /// <summary>A finding is told from here on, even if it decides nothing.</summary>
    const double LeastTold = 0.35;

    /// <summary>Evidence of the energy alone, on a picture that nothing like was trained on: the energy itself is then a guess.</summary>
    const double UnfamiliarConfidence = 0.3;

    readonly DynamicDetector dynamics = new(statistics);

    public ConflictReport Check(SeenVideo video, string prompt)
    {
        // :: Step 1
        var reading = PromptReading.Of(prompt);
        var seen = new ConceptHead(statistics).See(video);
        // What is not known for sure blocks nobody, and nothing is suggested in its name.
        var sure = seen.Familiar && seen.Probabilities[0].Probability >= Captioner.LeastConfidence;
        var caption = new Captioner(statistics).Describe(video);
        var shape = EnergyShape.Of(video.Energy.Values);
        var findings = new List<Finding>();
        var score = 0.0;

        // :: Step 2
        foreach (var source in reading.Sources)
        {
            if (source.OffScreen)
            {
                if (seen.Familiar && NotSeen(source, seen) > 0.5)
                    findings.Add(new("off-screen", source.Span, source.Span.In(prompt), $"it is not in the picture ({caption.Text}); the text itself says that it is off-screen", [], 0, 1));
                continue;
            }
            var conflict = SourceConflict(source, seen, shape);
            score = Math.Max(score, conflict);
            if (conflict >= LeastTold)
                findings.Add(SourceFinding(source, conflict));
        }

        // :: Step 3
        foreach (var course in reading.Courses)
        {
            var conflict = statistics.CourseConflict.Probability([(float)dynamics.Against(course.Course, shape, video.Energy.Values)]);
            score = Math.Max(score, conflict);
            if (conflict >= LeastTold)
                findings.Add(new("dynamic", course.Span, course.Span.In(prompt), $"the energy that the picture promises: {caption.Text}", caption.Events, conflict, seen.Familiar ? 0.9 : UnfamiliarConfidence));
        }

        // :: Step 4
        var (abstained, why) = !seen.Familiar ? (true, seen.Why)
            : !sure ? (true, "what the picture shows is uncertain")
            : reading.Sources.Count == 0 ? (true, "the text names no source of sound that is known") : (false, "");
        var verdict = score >= statistics.ConflictFrom && sure ? Verdict.Conflict
            : score >= statistics.UncertainFrom || abstained ? Verdict.Uncertain
            : Verdict.Consistent;
        findings.Sort((a, b) => b.Severity.CompareTo(a.Severity));
        return new(prompt, verdict, score, abstained, why, findings, verdict == Verdict.Consistent || !sure ? [] : Suggestions(reading, findings, seen, caption), caption);

        Finding SourceFinding(NamedSource source, double conflict)
        {
            var words = source.Span.In(prompt);
            return seen.Familiar
                ? new("semantic", source.Span, words, $"{(sure ? "the picture shows" : "I am not sure what the picture shows; of what I know it is most like")} {Likely(seen)}", caption.Events, conflict, seen.Probabilities[0].Probability)
                : new("dynamic", source.Span, words, $"recordings of it do not run like the energy that the picture promises: {caption.Text}", caption.Events, conflict, UnfamiliarConfidence);
        }
    }

    /// <summary>P(conflict) of a source that the text puts into the picture.</summary>
    double SourceConflict(NamedSource source, SeenKinds seen, float[] shape) => statistics.Source.Probability(SourceEvidence(source, seen, dynamics, shape));

    /// <summary>What <see cref="ConflictStatistics.Source"/> weighs: [log odds that it is not seen; 0 where the picture is unfamiliar, unlikeness of the energy].</summary>
    public static float[] SourceEvidence(NamedSource source, SeenKinds seen, DynamicDetector dynamics, float[] shape)
    {
        var notSeen = seen.Familiar ? Math.Clamp(NotSeen(source, seen), 0.003, 0.997) : 0.5;
        return [(float)Math.Log(notSeen / (1 - notSeen)), (float)source.Concepts.Min(concept => dynamics.Unlike(concept, shape))];
    }

    static double NotSeen(NamedSource source, SeenKinds seen)
    {
        var notSeen = 1.0;
        foreach (var (kind, probability) in seen.Probabilities)
            notSeen -= probability * source.Concepts.Max(concept => concept.Matches(kind));
        return notSeen;
    }

    static string Likely(SeenKinds seen) => string.Join(" or ", seen.Probabilities.Take(2).Where(kind => kind.Probability >= 0.15)
        .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{Concepts.OfKind(kind.Kind)?.Shown ?? kind.Kind} ({kind.Probability:P0})")));

    /// <summary>Without what contradicts; with it off-screen; and what is seen instead.</summary>
    static IReadOnlyList<string> Suggestions(PromptReading reading, List<Finding> findings, SeenKinds seen, Caption caption)
    {
        Finding[] wrong = [.. findings.Where(finding => finding.Detector != "off-screen" && finding.Severity >= LeastTold)];
        if (wrong.Length == 0)
            return [];
        var semantic = wrong.Where(finding => finding.Detector == "semantic").Select(finding => finding.Span).ToHashSet();
        NamedSource[] right = [.. reading.Sources.Where(source => !semantic.Contains(source.Span))];
        var shown = Concepts.OfKind(seen.Probabilities[0].Kind)?.Shown;
        var subject = right.Length > 0 ? string.Join(" and ", right.Select(source => WithoutCourses(source.Span, reading))) : shown;
        if (subject is null)
            return [];
        var course = reading.Courses.Count == 0 ? "" : caption.Course switch
        {
            "single" => ", a single time",
            "repeated" => ", repeated",
            "sustained" => ", continuous",
            _ => "",
        };
        var suggestions = new List<string> { subject + course };
        if (semantic.Count > 0)
            suggestions.Add($"{subject}{course}, with {string.Join(" and ", reading.Sources.Where(s => semantic.Contains(s.Span)).Select(s => WithoutCourses(s.Span, reading)))} off-screen");
        return suggestions;
    }

    /// <summary>The words of a span but for those about time.</summary>
    static string WithoutCourses(Span span, PromptReading reading)
    {
        var text = span.In(reading.Prompt);
        foreach (var course in reading.Courses.Where(c => c.Span.Start >= span.Start && c.Span.Start + c.Span.Length <= span.Start + span.Length).OrderByDescending(c => c.Span.Start))
            text = text.Remove(course.Span.Start - span.Start, course.Span.Length);
        return string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim();
    }
}
