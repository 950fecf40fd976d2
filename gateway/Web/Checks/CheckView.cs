using System.ComponentModel;
using Rewas.V1;

namespace Rewas.Gateway.Web.Checks;

/// <summary>Asks whether a prompt goes with the picture of a file.</summary>
sealed record CheckRequest
{
    public required string File { get; init; }

    [Description("The prompt, 1 to 2000 characters.")]
    public required string Prompt { get; init; }

    [Description("understood (the default): \"no\", \"quiet\" and other languages are read; literal: the prompt is taken as it is.")]
    public string? Words { get; init; }
}

/// <summary>What in a prompt contradicts the picture.</summary>
sealed record CheckView
{
    public required string Prompt { get; init; }

    [Description("consistent, uncertain or conflict.")]
    public required string Verdict { get; init; }

    [Description("0 (consistent) to 1 (conflict).")]
    public required double Score { get; init; }

    [Description("Why the prompt could not be compared with the picture; absent if it could.")]
    public string? Abstained { get; init; }

    [Description("The most serious first.")]
    public required IReadOnlyList<FindingView> Findings { get; init; }

    [Description("Prompts that keep the wish and contradict the picture less.")]
    public required IReadOnlyList<string> Suggestions { get; init; }

    [Description("What is seen in the picture.")]
    public required string Caption { get; init; }

    [Description("What would let the check compare the prompt with the picture; absent if nothing is missing.")]
    public string? WouldHelp { get; init; }

    [Description("What was understood of the prompt; absent if it is taken as it is.")]
    public WordsView? Words { get; init; }

    public static CheckView Of(ConflictReport report) => new()
    {
        Prompt = report.Prompt,
        Verdict = report.Verdict,
        Score = report.Score,
        Abstained = report.Abstained ? report.Why : null,
        Findings = [.. report.Findings.Select(FindingView.Of)],
        Suggestions = report.Suggestions,
        Caption = report.Caption,
        WouldHelp = report.WouldHelp.Length > 0 ? report.WouldHelp : null,
        Words = WordsView.Of(report.Words),
    };
}

/// <summary>What was understood of a prompt.</summary>
sealed record WordsView
{
    [Description("What is to be heard, in English.")]
    public required string Prompt { get; init; }

    [Description("What is not to be heard; empty for nothing.")]
    public required string Negative { get; init; }

    [Description("Change of level, dB.")]
    public required double Decibels { get; init; }

    [Description("en, zh, es, de, fr or ja; empty for another language, which is not read.")]
    public required string Language { get; init; }

    [Description("Words of another language that are not known. They have no effect.")]
    public required IReadOnlyList<string> Unknown { get; init; }

    [Description("What was understood and not done, and why.")]
    public required IReadOnlyList<string> Notes { get; init; }

    [Description("All of it in one line.")]
    public required string Summary { get; init; }

    public static WordsView? Of(WordsRead? words) => words is null ? null : new()
    {
        Prompt = words.Prompt,
        Negative = words.Negative,
        Decibels = words.Decibels,
        Language = words.Language,
        Unknown = words.Unknown,
        Notes = words.Notes,
        Summary = words.Summary,
    };
}

sealed record FindingView
{
    [Description("semantic, dynamic or off-screen.")]
    public required string Detector { get; init; }

    [Description("Position in the prompt of the first character that it is about.")]
    public required int Start { get; init; }

    [Description("Number of characters.")]
    public required int Length { get; init; }

    [Description("What in the picture contradicts them.")]
    public required string Evidence { get; init; }

    [Description("Times in the file, s.")]
    public required IReadOnlyList<double> Times { get; init; }

    [Description("Probability of a contradiction, 0 to 1.")]
    public required double Severity { get; init; }

    [Description("Reliability of the evidence, 0 to 1.")]
    public required double Confidence { get; init; }

    public static FindingView Of(ConflictFinding finding) => new()
    {
        Detector = finding.Detector,
        Start = finding.Start,
        Length = finding.Length,
        Evidence = finding.Evidence,
        Times = finding.Times,
        Severity = finding.Severity,
        Confidence = finding.Confidence,
    };
}
