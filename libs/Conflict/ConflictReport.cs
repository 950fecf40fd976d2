namespace Rewas.Conflict;

public enum Verdict
{
    Consistent,
    Uncertain,
    Conflict,
}

/// <param name="Detector">"semantic", "dynamic" or "off-screen".</param>
/// <param name="Span">Where in the prompt.</param>
/// <param name="Text">The words there.</param>
/// <param name="Evidence">What in the video speaks against them.</param>
/// <param name="Times">Where in the video, seconds.</param>
/// <param name="Severity">Probability that they contradict the video, 0 to 1.</param>
/// <param name="Confidence">How much the evidence is worth, 0 to 1: low on an unfamiliar picture.</param>
public sealed record Finding(string Detector, Span Span, string Text, string Evidence, IReadOnlyList<double> Times, double Severity, double Confidence);

/// <param name="Prompt">That was checked.</param>
/// <param name="Verdict">What to do: go on, ask, or stop.</param>
/// <param name="Score">0 consistent to 1 conflict.</param>
/// <param name="Abstained">True if what the prompt names could not be compared with the picture: only its course in time was.</param>
/// <param name="Why">Why it abstained.</param>
/// <param name="Findings">Gravest first.</param>
/// <param name="Suggestions">Prompts that keep what the user wants and contradict less.</param>
/// <param name="Caption">Of the video.</param>
public sealed record ConflictReport(
    string Prompt, Verdict Verdict, double Score, bool Abstained, string Why, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Suggestions, Caption Caption)
{
    /// <summary>The caller must override such a report to go on.</summary>
    public bool Blocks => Verdict == Verdict.Conflict;
}
