namespace Rewas.Networks;

/// <summary>In which numbers a network is computed, by the names that options, bundles and sidecars use.</summary>
public static class PrecisionNames
{
    public const string Float32 = "f32";

    /// <summary>Large products in integers of 8 bits, everything else in float32.</summary>
    public const string Int8 = "int8";

    public static IReadOnlyList<string> All { get; } = [Float32, Int8];
}
