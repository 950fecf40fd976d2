namespace Rewas.Networks;

/// <summary>Whether sampling starts from recordings that a bundle carries, as it is called everywhere.</summary>
public static class MemoryNames
{
    public const string On = "on", Off = "off";

    public static readonly IReadOnlyList<string> All = [On, Off];
}
