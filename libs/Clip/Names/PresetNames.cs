namespace Rewas.Clip.Names;

/// <summary>Sets of sampling options by one word, by the names in requests and sidecars.</summary>
public static class PresetNames
{
    /// <summary>A quick look: less than half the steps of most bundles.</summary>
    public const string Draft = "draft";

    /// <summary>The bundle's own settings.</summary>
    public const string Standard = "standard";

    /// <summary>The settings of the ReWaS paper: ten times the cost.</summary>
    public const string Paper = "paper";

    public static IReadOnlyList<string> All { get; } = [Draft, Standard, Paper];
}
