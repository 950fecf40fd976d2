using Rewas.Text.Words;

namespace Rewas.PromptCheck;

public enum Verdict
{
    Consistent,
    Uncertain,
    Conflict,
}

/// <param name="Detector">"semantic", "dynamic" or "off-screen".</param>
/// <param name="Span">Position in the prompt.</param>
/// <param name="Evidence">What in the video contradicts them.</param>
/// <param name="Times">Times in the video, seconds.</param>
/// <param name="Severity">Probability that the words contradict the video, 0 to 1.</param>
/// <param name="Confidence">Reliability of the evidence, 0 to 1. It is low on an unfamiliar picture.</param>
public sealed record Finding(
    string Detector, Span Span, string Text, string Evidence, IReadOnlyList<double> Times, double Severity, double Confidence);

/// <param name="Verdict">Whether to go on, ask, or stop.</param>
/// <param name="Score">0 (consistent) to 1 (conflict).</param>
/// <param name="Abstained">True if the named sources could not be compared with the picture. Only the course in time was.</param>
/// <param name="Why">Reason for abstaining.</param>
/// <param name="Findings">Most severe first.</param>
/// <param name="Suggestions">Prompts that keep the user's intent and contradict the picture less.</param>
public sealed record ConflictReport(
    string Prompt, Verdict Verdict, double Score, bool Abstained, string Why, IReadOnlyList<Finding> Findings,
    IReadOnlyList<string> Suggestions, Caption Caption)
{
    /// <summary>What was understood of the prompt; null if it is taken as it is.</summary>
    public PromptWords? Words { get; init; }

    /// <summary>What would let the check compare the prompt with the picture; empty if nothing is missing.</summary>
    public string WouldHelp { get; init; } = "";

    /// <summary>True if the caller must override the report to go on.</summary>
    public bool Blocks => Verdict == Verdict.Conflict;
}
