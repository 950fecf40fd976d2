namespace Rewas.Clip.Names;

/// <summary>What happens where samples lose bits.</summary>
public static class DitherNames
{
    /// <summary>Triangular noise keeps the error free of the sound.</summary>
    public const string Tpdf = "tpdf";

    /// <summary>Samples are rounded.</summary>
    public const string None = "none";

    public static IReadOnlyList<string> All { get; } = [Tpdf, None];
}
