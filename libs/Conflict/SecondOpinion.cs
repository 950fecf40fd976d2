namespace Rewas.Conflict;

/// <summary>What somebody finds of words of a prompt.</summary>
public enum Judgement
{
    /// <summary>The caption shows it.</summary>
    Shown,

    /// <summary>The caption shows something that it cannot be.</summary>
    Contradicted,

    /// <summary>The caption does not say.</summary>
    Unknown,
}

/// <summary>A source of sound or a place that a prompt names, compared with a caption.</summary>
/// <param name="Words">As the prompt has them.</param>
/// <param name="Judgement">What came of it.</param>
/// <param name="OffScreen">The prompt itself says that it is not in the picture.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record Mention(string Words, Judgement Judgement, bool OffScreen, double Confidence);

/// <summary>
/// A comparison of a prompt with a caption that the embedded check did not make: a language model's. It is heard beside the embedded one and never instead of it: what is
/// joined to a report adds findings, and takes none away. So an answer that is wrong, or that a hostile caption has turned, can ask for an override too many; it cannot
/// talk a conflict away.
/// </summary>
/// <param name="By">Who compared.</param>
/// <param name="Caption">With what.</param>
/// <param name="CaptionBy">Who says so.</param>
/// <param name="CaptionConfidence">0 to 1: a comparison is worth no more than what it is made with.</param>
/// <param name="Mentions">What was found.</param>
public sealed record SecondOpinion(string By, string Caption, string CaptionBy, double CaptionConfidence, IReadOnlyList<Mention> Mentions)
{
    /// <summary>
    /// :: Step 1: what contradicts becomes a semantic finding, as severe as both are sure; off-screen wording stays legitimate, whoever has read it. :: Step 2: the score is the
    /// greater one; a conflict stays one, and another begins where a finding of this opinion is as severe as one of the embedded check must be. :: Step 3: what was compared is
    /// no longer abstained from. :: Step 4: suggestions, where the embedded check had none.
    /// </summary>
    public ConflictReport JoinTo(ConflictReport report, ConflictStatistics statistics)
    {
        // :: Step 1
        var (prompt, findings) = (report.Prompt, new List<Finding>());
        var judged = false;
        foreach (var mention in Mentions)
        {
            // Words that the prompt does not have are the model's own.
            if (mention.Words.Trim() is not { Length: > 0 } words || prompt.IndexOf(words, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var start))
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
            Suggestions = report.Suggestions.Count > 0 || verdict == Verdict.Consistent ? report.Suggestions : Suggestions(prompt, contradicted),
        };
    }

    /// <summary>The other clauses alone, if there are any; and the contradicted ones off-screen.</summary>
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
