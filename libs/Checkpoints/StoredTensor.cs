namespace Rewas.Checkpoints;

/// <summary>Type of the values of a tensor in a file.</summary>
public enum StoredType
{
    Float32,
    Float16,
    BFloat16,
    Float64,
    Int64,
    Int32,
    UInt8,
    Bool,
}

/// <summary>A tensor of a file: where it lies and what it is. Row-major, little-endian.</summary>
/// <param name="Name">Name in the state dict.</param>
/// <param name="Type">Type of its values as stored.</param>
/// <param name="Shape">Size of each axis; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Bytes">Length in bytes.</param>
public sealed record StoredTensor(string Name, StoredType Type, long[] Shape, long Offset, int Bytes)
{
    public int Count => Bytes / SizeOf(Type);

    public bool IsFloat => Type is StoredType.Float32 or StoredType.Float16 or StoredType.BFloat16 or StoredType.Float64;

    /// <summary>Bytes of one value.</summary>
    public static int SizeOf(StoredType type) => type switch
    {
        StoredType.Float64 or StoredType.Int64 => 8,
        StoredType.Float32 or StoredType.Int32 => 4,
        StoredType.Float16 or StoredType.BFloat16 => 2,
        _ => 1,
    };
}
