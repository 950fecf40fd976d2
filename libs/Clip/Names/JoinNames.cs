namespace Rewas.Clip.Names;

/// <summary>Methods of joining the windows of a long sound, by the names in requests and sidecars.</summary>
public static class JoinNames
{
    /// <summary>
    /// Every second window is sampled independently. The windows between are sampled with both ends fixed to their neighbours' latents.
    /// </summary>
    public const string Bridge = "bridge";

    /// <summary>Each window is sampled with its start fixed to the end of the previous window.</summary>
    public const string Continue = "continue";

    /// <summary>Windows are sampled independently, overlap, and are crossfaded.</summary>
    public const string Crossfade = "crossfade";

    /// <summary>Windows are sampled independently and concatenated.</summary>
    public const string Concatenate = "concatenate";

    /// <summary>The first is the default of requests.</summary>
    public static IReadOnlyList<string> All { get; } = [Bridge, Continue, Crossfade, Concatenate];
}
