namespace Rewas.Clip.Names;

/// <summary>Controls of a sound besides its text, by the names in requests, sidecars and tables.</summary>
public static class ControlNames
{
    /// <summary>Loudness over time.</summary>
    public const string Energy = "energy";

    /// <summary>Onset times only.</summary>
    public const string Onset = "onset";

    /// <summary>Energy and the shape of the spectrum.</summary>
    public const string Texture = "texture";

    /// <summary>No control: text only.</summary>
    public const string TextOnly = "text-only";

    public static IReadOnlyList<string> All { get; } = [Energy, Onset, Texture, TextOnly];
}
