using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;

namespace Rewas.Networks.Onnx;

/// <summary>
/// A weight in 8-bit integers with one scale per output channel and no offset: weight[o, k] is about Scales[o] * Values[k, o]. Its layout
/// is that of the right factor of a product, [K, O].
/// </summary>
/// <param name="Values">[K, O].</param>
/// <param name="Scales">[O].</param>
/// <param name="Sums">[O]: sum of a channel's rounded values times its scale. It gives the contribution of the other factor's
/// offset.</param>
sealed record Int8Weight(sbyte[] Values, float[] Scales, float[] Sums)
{
    /// <summary>
    /// Largest integer. Without VNNI, x86 processors add pairs of products in 16 bits, which overflow beyond 7-bit integers.
    /// </summary>
    public static readonly int Largest = X86Base.IsSupported && !HasVnni() ? 63 : 127;

    /// <summary>Output channels that are rounded before they are transposed, so that the transposition stays in the cache.</summary>
    const int ChannelsPerBlock = 64;

    /// <param name="rows">Values of the output channels in order, [O, I, P], where P is the number of kernel positions (1 in a linear
    /// layer).</param>
    /// <param name="outputs">O.</param>
    /// <param name="places">P. In the product, the position varies slower than the input channel: k = p * I + i.</param>
    public static Int8Weight Of(ReadOnlyMemory<float> rows, int outputs, int places)
    {
        var weight = new Int8Weight(new sbyte[rows.Length], new float[outputs], new float[outputs]);
        var blocks = (outputs + ChannelsPerBlock - 1) / ChannelsPerBlock;
        Parallel.For(0, blocks, block => weight.Round(rows.Span, outputs, places, block * ChannelsPerBlock));
        return weight;
    }

    /// <summary>Rounds a block of output channels.</summary>
    void Round(ReadOnlySpan<float> rows, int outputs, int places, int first)
    {
        var (length, count) = (rows.Length / outputs, Math.Min(ChannelsPerBlock, outputs - first));
        var (scaled, rounded) = (new float[length], new sbyte[count * length]);
        for (var o = 0; o < count; o++)
        {
            var row = rows.Slice((first + o) * length, length);
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude(row));
            var scale = Scales[first + o] = largest > 0 ? largest / Largest : 1;
            TensorPrimitives.Divide(row, scale, scaled);
            TensorPrimitives.Round(scaled, scaled);
            var integers = rounded.AsSpan(o * length, length);
            TensorPrimitives.ConvertSaturating<float, sbyte>(scaled, integers);
            var sum = 0L;
            foreach (var integer in integers)
                sum += integer;
            Sums[first + o] = sum * scale;
        }
        var inputs = length / places;
        for (var p = 0; p < places; p++)
            for (var i = 0; i < inputs; i++)
            {
                var column = Values.AsSpan((p * inputs + i) * outputs + first, count);
                var from = i * places + p;
                for (var o = 0; o < column.Length; o++)
                    column[o] = rounded[o * length + from];
            }
    }

    /// <summary>AVX512-VNNI is bit 11 of ECX of leaf 7. AVX-VNNI is bit 4 of EAX of its sub-leaf 1.</summary>
    static bool HasVnni() => (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0 || (X86Base.CpuId(7, 1).Eax & (1 << 4)) != 0;
}
