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
    static readonly int Largest = X86Base.IsSupported && !HasVnni() ? 63 : 127;

    /// <param name="rows">Values of the output channels in order, [O, I, P], where P is the number of kernel positions (1 in a linear
    /// layer).</param>
    /// <param name="outputs">O.</param>
    /// <param name="places">P. In the product, the position varies slower than the input channel: k = p * I + i.</param>
    public static Int8Weight Of(ReadOnlySpan<float> rows, int outputs, int places)
    {
        var length = rows.Length / outputs;
        var inputs = length / places;
        var (values, scales, sums) = (new sbyte[rows.Length], new float[outputs], new float[outputs]);
        for (var o = 0; o < outputs; o++)
        {
            var row = rows.Slice(o * length, length);
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude(row));
            scales[o] = largest > 0 ? largest / Largest : 1;
            var sum = 0L;
            for (var p = 0; p < places; p++)
                for (var i = 0; i < inputs; i++)
                {
                    var rounded = (sbyte)Math.Round(row[i * places + p] / scales[o]);
                    values[(p * inputs + i) * outputs + o] = rounded;
                    sum += rounded;
                }
            sums[o] = sum * scales[o];
        }
        return new(values, scales, sums);
    }

    /// <summary>AVX512-VNNI is bit 11 of ECX of leaf 7. AVX-VNNI is bit 4 of EAX of its sub-leaf 1.</summary>
    static bool HasVnni() => (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0 || (X86Base.CpuId(7, 1).Eax & (1 << 4)) != 0;
}
