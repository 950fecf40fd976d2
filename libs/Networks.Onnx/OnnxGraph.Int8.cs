using Rewas.Clip.Names;

namespace Rewas.Networks.Onnx;

/// <content>The shared parts of an int8 graph.</content>
sealed partial class OnnxGraph
{
    /// <summary>Least number of products per sum for int8. Below it, quantising the input costs as much as the integers save.</summary>
    const long LeastReduced = 256;

    readonly Dictionary<string, Int8Factor> factors = [];
    readonly Dictionary<string, QuantisedTensor> quantised = [];
    readonly Dictionary<string, (string Values, string Scale, string ZeroPoint)> quantisedWhole = [];

    /// <summary>A stored weight [O, ...] in integers, created once. Null if the graph or this weight stays float32.</summary>
    /// <param name="reduced">Number of products in each value of the result.</param>
    public Int8Factor? Int8(OnnxTensor weight, long reduced)
    {
        if (precision != PrecisionNames.Int8 || reduced < LeastReduced || !stored.TryGetValue(weight.Name, out var source))
            return null;
        if (!factors.TryGetValue(weight.Name, out var factor))
        {
            var parts = WeightPart.Int8(source.File, source.Name);
            factors[weight.Name] = factor = new(
                Initializer($"int8/{source.Name}/values", parts.Values),
                Initializer($"int8/{source.Name}/scales", parts.Scales),
                Initializer($"int8/{source.Name}/sums", parts.Sums));
        }
        return factor;
    }

    /// <summary>Quantises a value once for all layers that read it.</summary>
    public QuantisedTensor QuantisedOnce(string value, Func<QuantisedTensor> record)
    {
        if (!quantised.TryGetValue(value, out var known))
            quantised[value] = known = record();
        return known;
    }

    /// <summary>Quantises a value with one range for all of it, once for all layers that read it.</summary>
    public (string Values, string Scale, string ZeroPoint) QuantisedWholeOnce(string value)
    {
        if (!quantisedWhole.TryGetValue(value, out var known))
        {
            var outputs = Nodes("DynamicQuantizeLinear", [value], 3);
            quantisedWhole[value] = known = (outputs[0], outputs[1], outputs[2]);
        }
        return known;
    }
}
