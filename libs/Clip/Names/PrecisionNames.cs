namespace Rewas.Clip.Names;

/// <summary>Number formats in which networks are computed, by the names in options, bundles and sidecars.</summary>
public static class PrecisionNames
{
    public const string Float32 = "f32";

    /// <summary>Large matrix products in 8-bit integers, everything else in float32.</summary>
    public const string Int8 = "int8";

    public static IReadOnlyList<string> All { get; } = [Float32, Int8];
}
