namespace Rewas.Networks;

/// <summary>How the windows of a sound that is longer than one are joined, by the names that requests and sidecars use.</summary>
public static class JoinNames
{
    /// <summary>Every second window is made by itself; those between are made from its two neighbours, whose latents stand fixed at both their ends.</summary>
    public const string Bridge = "bridge";

    /// <summary>Each window is made from the end of the one before it, which stands fixed at its start.</summary>
    public const string Continue = "continue";

    /// <summary>Windows are made by themselves and overlap; one is faded into the next.</summary>
    public const string Crossfade = "crossfade";

    /// <summary>Windows are made by themselves and laid end to end.</summary>
    public const string Concatenate = "concatenate";

    /// <summary>The first is what a request gets that does not ask for another.</summary>
    public static IReadOnlyList<string> All { get; } = [Bridge, Continue, Crossfade, Concatenate];
}
