using System.Globalization;
using Rewas.Text.Words;

namespace Rewas.PromptCheck;

/// <summary>
/// Checks whether the text contradicts the picture. The semantic detector compares the named sources with the seen ones. The dynamic
/// detector compares the course in time with the predicted energy. :: Step 1: read text and picture. :: Step 2: weigh each source. :: Step
/// 3: weigh each word about time. :: Step 4: verdict and suggestions.
/// </summary>
public sealed class ConflictCheck(ConflictStatistics statistics)
{
    /// <summary>Least severity of a reported finding, even if it decides nothing.</summary>
    const double LeastTold = 0.35;

    /// <summary>Confidence in the energy alone on an unfamiliar picture, where the energy itself is a guess.</summary>
    const double UnfamiliarConfidence = 0.3;

    readonly DynamicDetector dynamics = new(statistics);

    /// <summary>
    /// Checks what a prompt asks to hear. Findings quote the prompt as it was written, and suggestions keep what it denies and how loud it
    /// is to be.
    /// </summary>
    public ConflictReport Check(SeenVideo video, string asked) => Check(video, PromptWords.Read(asked));

    /// <summary>Checks a prompt that was read, or that is taken as it is.</summary>
    public ConflictReport Check(SeenVideo video, PromptWords words)
    {
        var report = CheckHeard(video, words.Prompt);
        if (!words.IsRead)
            report = report with
            {
                Verdict = report.Blocks ? report.Verdict : Verdict.Uncertain,
                Abstained = true,
                Why = report.Abstained && report.Why.Length > 0 ? $"{words.Summary()}; {report.Why}" : words.Summary(),
            };
        return words.IsAsWritten ? report : report with
        {
            Prompt = words.Asked,
            Words = words,
            Findings = [.. report.Findings.Select(finding => OfAsked(finding, words))],
            Suggestions = [.. report.Suggestions.Select(suggestion => suggestion + words.Tail())],
        };
    }

    static Finding OfAsked(Finding finding, PromptWords words)
    {
        var (start, length) = words.AskedPlace(finding.Span.Start, finding.Span.Length);
        var span = new Span(start, length);
        return finding with { Span = span, Text = span.In(words.Asked) };
    }

    ConflictReport CheckHeard(SeenVideo video, string prompt)
    {
        // :: Step 1
        var reading = PromptReading.Of(prompt, ConceptByWords.Find);
        var seen = new ConceptHead(statistics).See(video);
        // An uncertain concept neither blocks a prompt nor appears in suggestions.
        var sure = seen.Familiar && seen.Probabilities[0].Probability >= Captioner.LeastConfidence;
        // If the concept head is unsure, CLIP decides. CLIP does not count if it abstains or names something that fits many sounds, such as
        // "an office".
        var clip = !sure && video.Clip is { Abstained: false, Label.Concepts.Count: > 0 } view ? view : null;
        // A user who brings a detector's output knows the picture better than either.
        var objects = video.Objects is { CanJudge: true } brought ? brought : null;
        var named = sure || clip is not null || objects is not null;
        var shown = objects?.Sure.FirstOrDefault(one => one.Concepts.Count > 0)?.Label ?? clip?.Label.Text
            ?? (sure ? Concepts.OfKind(seen.Probabilities[0].Kind)?.Shown : null);
        var caption = new Captioner(statistics).Describe(video);
        var shape = EnergyShape.Of(video.Energy.Values);
        var findings = new List<Finding>();
        var (score, unseen) = (0.0, 0.0);

        // :: Step 2
        foreach (var source in reading.Sources)
        {
            if (source.OffScreen)
            {
                var isSeen = objects is not null ? objects.NotSeen(source) <= 0.5
                    : clip is not null ? NotSeen(source, clip) <= 0.5 : !seen.Familiar || NotSeen(source, seen) <= 0.5;
                if (!isSeen)
                    findings.Add(new(
                        "off-screen", source.Span, source.Span.In(prompt),
                        $"it is not in the picture ({caption.Text}); the text itself says that it is off-screen", [], 0, 1));
                continue;
            }
            var conflict = SourceConflict(source, seen, clip, objects, shape);
            (score, unseen) = (Math.Max(score, conflict), Math.Max(unseen, conflict));
            if (conflict >= LeastTold)
                findings.Add(SourceFinding(source, conflict));
        }

        // :: Step 3
        foreach (var course in reading.Courses)
        {
            var conflict = statistics.CourseConflict.Probability([(float)dynamics.Against(course.Course, shape, video.Energy.Values)]);
            score = Math.Max(score, conflict);
            if (conflict >= LeastTold)
                findings.Add(new(
                    "dynamic", course.Span, course.Span.In(prompt), $"the energy that the picture promises: {caption.Text}", caption.Events,
                    conflict, seen.Familiar ? 0.9 : UnfamiliarConfidence));
        }

        // :: Step 4
        var (abstained, why) = !named && !seen.Familiar ? (true, seen.Why)
            : !named ? (true, "what the picture shows is uncertain")
            : reading.Sources.Count == 0 ? (true, "the text names no source of sound that is known") : (false, "");
        // If only CLIP knows the picture, the energy is a guess. Words about time alone then do not block.
        var verdict = (sure && objects is null ? score : named ? unseen : 0) >= statistics.ConflictFrom ? Verdict.Conflict
            : score >= statistics.UncertainFrom || abstained ? Verdict.Uncertain
            : Verdict.Consistent;
        findings.Sort((a, b) => b.Severity.CompareTo(a.Severity));
        return new(
            prompt, verdict, score, abstained, why, findings,
            verdict == Verdict.Consistent || !named ? [] : Suggestions(reading, findings, shown, caption), caption)
        {
            WouldHelp = !named && reading.Sources.Count > 0 && video.Clip is null ? ClipCaptioner.HowToGet : "",
        };

        Finding SourceFinding(NamedSource source, double conflict)
        {
            var words = source.Span.In(prompt);
            if (objects is not null)
                return new(
                    "semantic", source.Span, words, $"{objects.By} names {objects}, and no such thing", caption.Events, conflict,
                    objects.Sure[0].Score);
            if (clip is not null)
                return new(
                    "semantic", source.Span, words,
                    string.Create(
                        CultureInfo.InvariantCulture, $"{clip.By} takes the picture for {clip.Label.Text} ({clip.Probability:P0})"),
                    caption.Events, conflict, clip.Probability);
            return seen.Familiar
                ? new(
                    "semantic", source.Span, words,
                    $"{(sure ? "the picture shows" : "I am not sure what the picture shows; it is most like")} {Likely(seen)}",
                    caption.Events, conflict, seen.Probabilities[0].Probability)
                : new(
                    "dynamic", source.Span, words,
                    $"recordings of it do not run like the energy that the picture promises: {caption.Text}",
                    caption.Events, conflict, UnfamiliarConfidence);
        }
    }

    /// <summary>P(conflict) of a source that the text places in the picture.</summary>
    double SourceConflict(NamedSource source, SeenKinds seen, ClipView? clip, SeenObjects? objects, float[] shape)
    {
        var evidence = SourceEvidence(source, seen, dynamics, shape);
        if (objects is not null)
            evidence[0] = LogOdds(objects.NotSeen(source));
        else if (clip is not null)
            evidence[0] = LogOdds(NotSeen(source, clip));
        return statistics.Source.Probability(evidence);
    }

    /// <summary>
    /// Input of <see cref="ConflictStatistics.Source"/>: [log odds that the source is not seen (0 on an unfamiliar picture), unlikeness of
    /// the energy].
    /// </summary>
    public static float[] SourceEvidence(NamedSource source, SeenKinds seen, DynamicDetector dynamics, float[] shape) =>
        [LogOdds(seen.Familiar ? NotSeen(source, seen) : 0.5), (float)source.Concepts.Min(concept => dynamics.Unlike(concept, shape))];

    static float LogOdds(double probability)
    {
        var kept = Math.Clamp(probability, 0.003, 0.997);
        return (float)Math.Log(kept / (1 - kept));
    }

    /// <summary>
    /// Probability that CLIP does not see a source, weighed as the concept head's kinds are. A source without a label, and a label without
    /// a concept, count as no evidence.
    /// </summary>
    static double NotSeen(NamedSource source, ClipView clip) => source.Concepts.Any(ClipLabels.Know)
        ? clip.Labels.Sum(label => label.Probability
            * (label.Label.Concepts.Count == 0 ? 0.5 : 1 - source.Concepts.Max(concept => concept.Matches(label.Label))))
        : 0.5;

    static double NotSeen(NamedSource source, SeenKinds seen)
    {
        var notSeen = 1.0;
        foreach (var (kind, probability) in seen.Probabilities)
            notSeen -= probability * source.Concepts.Max(concept => concept.Matches(kind));
        return notSeen;
    }

    static string Likely(SeenKinds seen) => string.Join(" or ", seen.Probabilities.Take(2).Where(kind => kind.Probability >= 0.15)
        .Select(kind => string.Create(
            CultureInfo.InvariantCulture, $"{Concepts.OfKind(kind.Kind)?.Shown ?? kind.Kind} ({kind.Probability:P0})")));

    /// <summary>Suggests the prompt without the contradicted parts, with them off-screen, and with the seen source instead.</summary>
    static IReadOnlyList<string> Suggestions(PromptReading reading, List<Finding> findings, string? shown, Caption caption)
    {
        Finding[] wrong = [.. findings.Where(finding => finding.Detector != "off-screen" && finding.Severity >= LeastTold)];
        if (wrong.Length == 0)
            return [];
        var semantic = wrong.Where(finding => finding.Detector == "semantic").Select(finding => finding.Span).ToHashSet();
        NamedSource[] right = [.. reading.Sources.Where(source => !semantic.Contains(source.Span))];
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
        {
            var offScreen = reading.Sources.Where(s => semantic.Contains(s.Span)).Select(s => WithoutCourses(s.Span, reading));
            suggestions.Add($"{subject}{course}, with {string.Join(" and ", offScreen)} off-screen");
        }
        return suggestions;
    }

    /// <summary>The words of a span without those about time.</summary>
    static string WithoutCourses(Span span, PromptReading reading)
    {
        var text = span.In(reading.Prompt);
        foreach (var course in reading.Courses
            .Where(c => c.Span.Start >= span.Start && c.Span.Start + c.Span.Length <= span.Start + span.Length)
            .OrderByDescending(c => c.Span.Start))
            text = text.Remove(course.Span.Start - span.Start, course.Span.Length);
        return string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim();
    }
}
