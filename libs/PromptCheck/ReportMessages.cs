using Rewas.Text.Words;

namespace Rewas.PromptCheck;

/// <summary>Converts conflict reports to messages.</summary>
public static class ReportMessages
{
    public static V1.ConflictReport Of(ConflictReport report) => new()
    {
        Prompt = report.Prompt,
        Verdict = report.Verdict.ToString().ToLowerInvariant(),
        Score = report.Score,
        Abstained = report.Abstained,
        Why = report.Why,
        Caption = report.Caption.Text,
        Words = report.Words?.ToMessage(),
        WouldHelp = report.WouldHelp,
        Suggestions = { report.Suggestions },
        Findings = { report.Findings.Select(Of) },
    };

    static V1.ConflictFinding Of(Finding finding) => new()
    {
        Detector = finding.Detector,
        Start = finding.Span.Start,
        Length = finding.Span.Length,
        Evidence = finding.Evidence,
        Severity = finding.Severity,
        Confidence = finding.Confidence,
        Times = { finding.Times },
    };
}
