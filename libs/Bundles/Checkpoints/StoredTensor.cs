namespace Rewas.Bundles.Checkpoints;

/// <summary>Type of a stored tensor's values.</summary>
public enum StoredType
{
    Float32,
    Float16,
    BFloat16,
    Float64,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}

/// <summary>A tensor in a file.</summary>
/// <param name="Name">Name in the state dict.</param>
/// <param name="Type">Type as stored, little-endian.</param>
/// <param name="Shape">Row-major; empty for a scalar.</param>
public sealed record StoredTensor(string Name, StoredType Type, long[] Shape, int Count)
{
    /// <summary>Bytes per value.</summary>
    public static int SizeOf(StoredType type) => type switch
    {
        StoredType.Float64 or StoredType.Int64 => 8,
        StoredType.Float32 or StoredType.Int32 => 4,
        StoredType.Float16 or StoredType.BFloat16 or StoredType.Int16 => 2,
        _ => 1,
    };
}
