namespace Rewas.Clip.Names;

/// <summary>Number formats in which networks are computed, by the names in options, bundles and sidecars.</summary>
public static class PrecisionNames
{
    public const string Float32 = "f32";

    /// <summary>
    /// Products, convolutions and attentions in float16, everything else in float32. For GPUs; on a CPU it is slower than float32.
    /// </summary>
    public const string Float16 = "f16";

    /// <summary>Large matrix products in 8-bit integers, everything else in float32.</summary>
    public const string Int8 = "int8";

    public static IReadOnlyList<string> All { get; } = [Float32, Int8, Float16];
}
