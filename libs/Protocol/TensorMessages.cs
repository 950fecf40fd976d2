using System.Runtime.InteropServices;
using Google.Protobuf;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.V1;
using WireTensor = Rewas.V1.Tensor;

namespace Rewas.Protocol;

/// <summary>Converts tensors to and from wire messages, without copying if alignment permits.</summary>
public static class TensorMessages
{
    /// <summary>Makes a message that shares the tensor's memory. Do not change the values until the message is sent.</summary>
    public static WireTensor ToMessage(this HostTensor tensor, string name)
    {
        ThrowIfBigEndian();
        ReadOnlyMemory<byte> bytes = tensor.Type == ElementType.Float32
            ? ReinterpretedMemory<float, byte>.Of(tensor.Floats)
            : ReinterpretedMemory<long, byte>.Of(tensor.Integers);
        return new()
        {
            Name = name,
            Dtype = tensor.Type == ElementType.Float32 ? DataType.Float32 : DataType.Int64,
            Shape = { tensor.Shape },
            Data = UnsafeByteOperations.UnsafeWrap(bytes),
        };
    }

    /// <summary>Reads a tensor. It shares the message's memory unless that is misaligned.</summary>
    /// <param name="message">Null if the field was not set.</param>
    /// <param name="field">Names the tensor in errors, e.g. "energy".</param>
    /// <param name="expectedShape">Size of each axis; -1 for any size from 1.</param>
    /// <exception cref="InputFault">The tensor is absent, has the wrong type, shape or length, or contains a non-finite value.</exception>
    public static HostTensor ToHostTensor(this WireTensor? message, string field, params ReadOnlySpan<long> expectedShape)
    {
        ThrowIfBigEndian();
        if (message is null)
            throw InputFault.Invalid(field, "must be given, but is absent");
        long[] shape = CheckedShape(message, field, expectedShape);
        return message.Dtype switch
        {
            DataType.Float32 => HostTensor.Of(Finite(Values<float>(message, field, shape), field), shape),
            DataType.Int64 => HostTensor.Of(Values<long>(message, field, shape), shape),
            _ => throw InputFault.Invalid(field, $"must be float32 or int64, but is {message.Dtype}"),
        };
    }

    /// <summary>Reads a tensor that must be float32.</summary>
    /// <param name="message">Null if the field was not set.</param>
    /// <param name="field">Names the tensor in errors.</param>
    /// <param name="expectedShape">Size of each axis; -1 for any size from 1.</param>
    /// <exception cref="InputFault">As in <see cref="ToHostTensor"/>, or the tensor holds integers.</exception>
    public static HostTensor ToFloatTensor(this WireTensor? message, string field, params ReadOnlySpan<long> expectedShape)
    {
        var tensor = message.ToHostTensor(field, expectedShape);
        return tensor.Type == ElementType.Float32 ? tensor : throw InputFault.Invalid(field, $"must be float32, but is {message!.Dtype}");
    }

    static long[] CheckedShape(WireTensor message, string field, ReadOnlySpan<long> expected)
    {
        if (message.Shape.Count > MessageLimits.TensorAxes)
            throw InputFault.Invalid(field, $"must have at most {MessageLimits.TensorAxes} axes, but has {message.Shape.Count}");
        long[] shape = [.. message.Shape];
        var fits = shape.Length == expected.Length;
        for (var axis = 0; fits && axis < shape.Length; axis++)
            fits = expected[axis] < 0 ? shape[axis] >= 1 : shape[axis] == expected[axis];
        return fits
            ? shape
            : throw InputFault.Invalid(
                field, $"must have shape {Text(expected).Replace("-1", "any", StringComparison.Ordinal)}, but has {Text(shape)}");
    }

    static Memory<T> Values<T>(WireTensor message, string field, long[] shape) where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        Int128 bytes = size;
        foreach (var axis in shape)
            bytes = bytes > int.MaxValue ? bytes : bytes * axis;             // cannot overflow: at most 2^31 * 2^63
        if (bytes != message.Data.Length)
            throw InputFault.Invalid(field, $"must hold {bytes} bytes for shape {Text(shape)}, but holds {message.Data.Length}");
        if (MemoryMarshal.TryGetArray(message.Data.Memory, out var array) && array.Offset % size == 0)
            return ReinterpretedMemory<byte, T>.Of(MemoryMarshal.AsMemory(message.Data.Memory));
        return MemoryMarshal.Cast<byte, T>(message.Data.Span).ToArray();
    }

    static Memory<float> Finite(Memory<float> values, string field)
    {
        var span = values.Span;
        for (var i = 0; i < span.Length; i++)
            if (!float.IsFinite(span[i]))
                throw InputFault.Invalid(field, FormattableString.Invariant($"must be finite, but value {i} is {span[i]}"));
        return values;
    }

    static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    static void ThrowIfBigEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("tensors on the wire are little-endian");
    }
}
