using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <content>Which values of a float16 graph are float16. To a network all of them are floats.</content>
sealed partial class OnnxTensor
{
    /// <summary>Whether the value is stored as float16.</summary>
    readonly bool half;

    /// <summary>Whether the graph wants this value in float16 for a product.</summary>
    bool IsForHalf => graph.IsHalf && !half && Type == ElementType.Float32;

    /// <summary>
    /// Whether this is a stored weight of products. It is rearranged as float16, or the runtime would keep a float32 copy.
    /// </summary>
    bool IsMatrixForHalf => IsForHalf && Rank > 1 && graph.IsStored(Name);

    /// <summary>This value in float16.</summary>
    OnnxTensor AsHalf() => half ? this : new(graph, graph.Half(Name), Type, shape, half: true);

    /// <summary>This value in float32.</summary>
    OnnxTensor AsFloat() => half ? new(graph, graph.Float(Name), Type, shape) : this;

    /// <summary>This value as the network gives it.</summary>
    public OnnxTensor ForOutput() => AsFloat();

    /// <summary>The other value as this one is stored.</summary>
    OnnxTensor Like(OnnxTensor other) => other.Type != ElementType.Float32 ? other : half ? other.AsHalf() : other.AsFloat();

    /// <summary>Name of a constant as this value is stored.</summary>
    string LikeThis(string constant) => half ? graph.Half(constant) : constant;

    /// <summary>Computes in float32, and gives float16 again if this value is.</summary>
    Tensor InFloat(Func<OnnxTensor, Tensor> operation) => ((OnnxTensor)operation(AsFloat())).AsHalf();
}
