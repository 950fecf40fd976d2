using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Rewas.Library.Data;

/// <summary>Vectors as the index keeps them: half-precision floats, little-endian. Cosines change by less than 0.001.</summary>
static class Vector
{
    public static byte[] ToBytes(ReadOnlySpan<float> vector)
    {
        var halves = new Half[vector.Length];
        TensorPrimitives.ConvertToHalf(vector, halves);
        return MemoryMarshal.AsBytes<Half>(halves).ToArray();
    }

    /// <param name="bytes">As <see cref="ToBytes"/> gives them.</param>
    /// <param name="vector">As long as the vector is.</param>
    /// <returns>Whether it is so long.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<float> vector)
    {
        if (bytes.Length != vector.Length * 2)
            return false;
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), vector);
        return true;
    }
}
