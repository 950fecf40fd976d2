namespace Rewas.TestKit;

/// <summary>How a program ended and what it wrote.</summary>
public sealed record Outcome(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
