namespace Rewas.Clip;

/// <summary>Values in memory with their shape, as inputs and outputs of a network at run time. Row-major.</summary>
public sealed class HostTensor
{
    HostTensor(ElementType type, Memory<float> floats, Memory<long> integers, long[] shape)
    {
        long count = 1;
        foreach (var size in shape)
            count = checked(count * size);
        var length = type == ElementType.Float32 ? floats.Length : integers.Length;
        if (count != length)
            throw new ArgumentException($"shape [{string.Join(", ", shape)}] holds {count} values, but {length} were given");
        (Type, Floats, Integers, Shape) = (type, floats, integers, shape);
    }

    public ElementType Type { get; }

    public long[] Shape { get; }

    /// <summary>The values if <see cref="Type"/> is float32; otherwise empty.</summary>
    public Memory<float> Floats { get; }

    /// <summary>The values if <see cref="Type"/> is int64; otherwise empty.</summary>
    public Memory<long> Integers { get; }

    public static HostTensor Of(Memory<float> values, params long[] shape) => new(ElementType.Float32, values, default, shape);

    public static HostTensor Of(float[] values, params long[] shape) => Of(values.AsMemory(), shape);

    public static HostTensor Of(Memory<long> values, params long[] shape) => new(ElementType.Int64, default, values, shape);

    public static HostTensor Of(long[] values, params long[] shape) => Of(values.AsMemory(), shape);
}
