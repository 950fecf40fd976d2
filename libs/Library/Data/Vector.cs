using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Rewas.Library.Data;

/// <summary>The stored form of vectors: half-precision floats, little-endian. It changes cosines by less than 0.001.</summary>
static class Vector
{
    public static byte[] ToBytes(ReadOnlySpan<float> vector)
    {
        var halves = new Half[vector.Length];
        TensorPrimitives.ConvertToHalf(vector, halves);
        return MemoryMarshal.AsBytes<Half>(halves).ToArray();
    }

    /// <param name="bytes">From <see cref="ToBytes"/>.</param>
    /// <param name="vector">Receives the vector.</param>
    /// <returns>True if the lengths match.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<float> vector)
    {
        if (bytes.Length != vector.Length * 2)
            return false;
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), vector);
        return true;
    }
}
