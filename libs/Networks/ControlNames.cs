namespace Rewas.Networks;

/// <summary>What may control a sound beside its text, by the names that requests, sidecars and tables use.</summary>
public static class ControlNames
{
    /// <summary>How loud it is, moment by moment.</summary>
    public const string Energy = "energy";

    /// <summary>Where it sets in, and nothing else.</summary>
    public const string Onset = "onset";

    /// <summary>Energy, and the shape of the spectrum.</summary>
    public const string Texture = "texture";

    /// <summary>Nothing: the text alone.</summary>
    public const string TextOnly = "text-only";

    public static IReadOnlyList<string> All { get; } = [Energy, Onset, Texture, TextOnly];
}
