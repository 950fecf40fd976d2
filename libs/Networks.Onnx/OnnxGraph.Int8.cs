using System.Runtime.InteropServices;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Networks.Onnx;

/// <content>What a graph in int8 has once, however many layers use it.</content>
sealed partial class OnnxGraph
{
    /// <summary>
    /// Shorter sums of products stay float32: quantising their input and spreading it out costs as much as the integers save.
    /// </summary>
    const long LeastReduced = 256;

    readonly Dictionary<string, Int8Factor> factors = [];
    readonly Dictionary<string, QuantisedTensor> quantised = [];

    /// <summary>A stored weight [O, ...] in integers, each once; null where the graph or this weight is to stay float32.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="reduced">How many products each value of the result sums up.</param>
    public Int8Factor? Int8(OnnxTensor weight, long reduced)
    {
        if (precision != PrecisionNames.Int8 || reduced < LeastReduced || !stored.TryGetValue(weight.Name, out var source))
            return null;
        if (!factors.TryGetValue(weight.Name, out var factor))
        {
            var shape = source.File.Tensors[source.Name].Shape;
            var outputs = shape[0];
            var integers = Int8Weight.Of(source.File.ReadFloats(source.Name), (int)outputs, (int)shape.Skip(2).Aggregate(1L, (count, size) => count * size));
            factors[weight.Name] = factor = new(
                Constant(MemoryMarshal.AsBytes(integers.Values.AsSpan()), TensorProto.Types.DataType.Int8, [integers.Values.Length / outputs, outputs]),
                Constant(integers.Scales, outputs),
                Constant(integers.Sums, outputs));
        }
        return factor;
    }

    /// <summary>What several layers quantise is quantised for all of them.</summary>
    public QuantisedTensor QuantisedOnce(string value, Func<QuantisedTensor> record)
    {
        if (!quantised.TryGetValue(value, out var known))
            quantised[value] = known = record();
        return known;
    }
}
