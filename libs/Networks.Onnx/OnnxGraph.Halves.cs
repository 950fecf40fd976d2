using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Networks.Onnx;

/// <content>
/// The shared parts of a float16 graph. Products, convolutions and attentions read and give float16. Norms, softmax, reductions and
/// transcendental functions compute in float32. Inputs and outputs of the network are float32.
/// </content>
sealed partial class OnnxGraph
{
    readonly Dictionary<string, string> halves = [];

    /// <summary>Whether products are computed in float16.</summary>
    public bool IsHalf => precision == PrecisionNames.Float16;

    /// <summary>
    /// Whether values are only rounded to float16 and everything is computed in float32. A processor without float16 then shows what the
    /// rounding costs. The runtime's own replacement does not: it computes chains of operations in float32 and rounds at their end.
    /// </summary>
    public bool OnlyRounds { get; init; }

    /// <summary>A float32 value in float16, made once. A stored weight is read as float16.</summary>
    public string Half(string value)
    {
        if (!halves.TryGetValue(value, out var half))
            halves[value] = half = stored.TryGetValue(value, out var weight) ? HalfWeight(weight.File, weight.Name) : Rounded(value);
        return half;
    }

    /// <summary>Whether a value is a stored weight in float32.</summary>
    public bool IsStored(string value) => stored.ContainsKey(value);

    /// <summary>A float16 value in float32.</summary>
    public string Float(string half) => OnlyRounds ? half : Cast(half, ElementType.Float32);

    /// <summary>Rounds a float32 value to float16.</summary>
    public string Rounded(string value)
    {
        var half = Node("Cast", [value], ("to", (long)TensorProto.Types.DataType.Float16));
        return OnlyRounds ? Cast(half, ElementType.Float32) : half;
    }

    string HalfWeight(SafetensorsFile file, string name)
    {
        var weight = file.Tensors[name];
        var initializer = Initializer(
            $"half/{name}",
            weight.Type == StoredType.Float16
                ? WeightPart.AsStored(file, name)
                : new(file, name, WeightForm.Float16, StoredType.Float16, weight.Shape));
        return OnlyRounds ? Cast(initializer, ElementType.Float32) : initializer;
    }
}
