namespace Rewas.PromptCheck;

/// <summary>Judgement of some words of a prompt.</summary>
public enum Judgement
{
    /// <summary>The caption shows it.</summary>
    Shown,

    /// <summary>The caption shows something that excludes it.</summary>
    Contradicted,

    /// <summary>The caption does not say.</summary>
    Unknown,
}

/// <summary>A source or place that a prompt names, compared with a caption.</summary>
/// <param name="Words">As in the prompt.</param>
/// <param name="OffScreen">True if the prompt says that it is not in the picture.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record Mention(string Words, Judgement Judgement, bool OffScreen, double Confidence);

/// <summary>
/// A comparison of a prompt with a caption by a language model. It complements the embedded check: it adds findings to a report and removes
/// none. A wrong answer, or one that a hostile caption caused, can therefore demand a needless override but cannot hide a conflict.
/// </summary>
/// <param name="CaptionConfidence">0 to 1. A comparison is at most as reliable as its caption.</param>
public sealed record SecondOpinion(string By, string Caption, string CaptionBy, double CaptionConfidence, IReadOnlyList<Mention> Mentions)
{
    /// <summary>
    /// :: Step 1: each contradiction becomes a semantic finding whose severity is the product of both confidences; off-screen wording stays
    /// legitimate. :: Step 2: the score is the larger of both; a conflict stays one, and a finding as severe as the embedded check requires
    /// starts one. :: Step 3: a report that abstained no longer does once sources were compared. :: Step 4: add suggestions if the embedded
    /// check has none.
    /// </summary>
    public ConflictReport JoinTo(ConflictReport report, ConflictStatistics statistics)
    {
        // :: Step 1
        var (prompt, findings) = (report.Prompt, new List<Finding>());
        var judged = false;
        foreach (var mention in Mentions)
        {
            // Skip words that are not in the prompt: the model made them up.
            if (mention.Words.Trim() is not { Length: > 0 } words
                || prompt.IndexOf(words, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var start))
                continue;
            judged |= mention.Judgement != Judgement.Unknown;
            var span = new Span(start, words.Length);
            if (mention.Judgement != Judgement.Contradicted || findings.Exists(finding => finding.Span == span))
                continue;
            var offScreen = mention.OffScreen || PromptReading.IsElsewhere(PromptReading.ClauseOf(prompt, span).In(prompt));
            var evidence = $"the caption \"{Caption}\" by {CaptionBy} contradicts it, says {By}";
            findings.Add(offScreen
                ? new("off-screen", span, span.In(prompt), $"{evidence}; the text itself says that it is off-screen", [], 0, 1)
                : new("semantic", span, span.In(prompt), evidence, [], mention.Confidence * CaptionConfidence, CaptionConfidence));
        }

        // :: Step 2
        Finding[] contradicted = [.. findings.Where(finding => finding.Detector == "semantic")];
        var severest = contradicted.Select(finding => finding.Severity).DefaultIfEmpty(0).Max();
        var score = Math.Max(report.Score, severest);
        var abstained = report.Abstained && !judged;
        var verdict = report.Blocks || severest >= statistics.ConflictFrom ? Verdict.Conflict
            : score >= statistics.UncertainFrom || abstained ? Verdict.Uncertain
            : Verdict.Consistent;

        return report with
        {
            Verdict = verdict,
            Score = score,
            // :: Step 3
            Abstained = abstained,
            Why = abstained ? report.Why : "",
            Findings = [.. report.Findings.Concat(findings).OrderByDescending(finding => finding.Severity)],
            // :: Step 4
            Suggestions = report.Suggestions.Count > 0 || verdict == Verdict.Consistent
                ? report.Suggestions
                : Suggestions(prompt, contradicted),
        };
    }

    /// <summary>Suggests the other clauses alone, if there are any, and the contradicted clauses off-screen.</summary>
    static IReadOnlyList<string> Suggestions(string prompt, IReadOnlyList<Finding> contradicted)
    {
        if (contradicted.Count == 0)
            return [];
        var wrong = contradicted.Select(finding => PromptReading.ClauseOf(prompt, finding.Span)).Distinct().ToList();
        string Text(IEnumerable<Span> clauses) => string.Join(" and ", clauses.Select(clause => clause.In(prompt)));
        Span[] right = [.. PromptReading.Clauses(prompt).Except(wrong)];
        var elsewhere = $"{Text(wrong)} off-screen";
        return right.Length == 0 ? [elsewhere] : [Text(right), $"{Text(right)}, with {elsewhere}"];
    }
}
