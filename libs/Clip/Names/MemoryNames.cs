namespace Rewas.Clip.Names;

/// <summary>Whether sampling starts from recordings in the bundle, by the names used everywhere.</summary>
public static class MemoryNames
{
    public const string On = "on", Off = "off";

    public static readonly IReadOnlyList<string> All = [On, Off];
}
