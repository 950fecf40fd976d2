namespace Rewas.Rendering.Guards;

/// <summary>What a guard heard in a sound.</summary>
/// <param name="By">The network that heard voices and music, with its bundle. Null if the bundle has none, so nothing is known.</param>
/// <param name="Heard">Voices and music, in order of time.</param>
/// <param name="Signal">What is measured without a network.</param>
public sealed record GuardReport(string? By, IReadOnlyList<HeardPart> Heard, SignalFacts Signal)
{
    /// <summary>The strongest score of some kinds: 0 is the threshold, 1 is certain, and -1 is certainly not heard.</summary>
    public double Strongest(IReadOnlyCollection<string> kinds) =>
        Heard.Where(part => kinds.Contains(part.Kind)).Select(part => part.Score).DefaultIfEmpty(-1).Max();

    /// <summary>Whether one of some kinds is heard.</summary>
    public bool Has(IReadOnlyCollection<string> kinds) => Heard.Any(part => kinds.Contains(part.Kind));

    /// <summary>The kinds that are heard among some, each with its times, such as "speech (0.0 to 5.1 s)".</summary>
    public string Describe(IReadOnlyCollection<string> kinds) => string.Join(
        " and ",
        Heard.Where(part => kinds.Contains(part.Kind)).GroupBy(part => part.Kind).Select(kind =>
            $"{kind.Key} ({string.Join(", ", kind.Select(part => FormattableString.Invariant($"{part.From:F1} to {part.To:F1} s")))})"));
}

/// <summary>A part of a sound in which one kind is heard.</summary>
/// <param name="Kind">One of <see cref="HeardKinds"/>.</param>
/// <param name="From">Seconds.</param>
/// <param name="To">Seconds.</param>
/// <param name="Score">Above 0; at most 1.</param>
public sealed record HeardPart(string Kind, double From, double To, double Score);

/// <summary>The kinds of sound that a guard hears.</summary>
public static class HeardKinds
{
    public const string Speech = "speech", Singing = "singing", Music = "music";

    public static IReadOnlyList<string> All { get; } = [Speech, Singing, Music];
}
