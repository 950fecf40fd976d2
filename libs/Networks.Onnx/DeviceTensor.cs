using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <summary>
/// A tensor in the memory of the device that runs a network, at a fixed place. Calls write and read it there. Its first content is
/// undefined. It may be used by all networks of the same device, and is disposed before the network that made it.
/// </summary>
public sealed class DeviceTensor : IDisposable
{
    internal DeviceTensor(OrtAllocator allocator, ElementType type, long[] shape)
    {
        (Type, Shape) = (type, shape);
        Value = OrtValue.CreateAllocatedTensorValue(
            allocator, type == ElementType.Float32 ? TensorElementType.Float : TensorElementType.Int64, shape);
    }

    public ElementType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    internal OrtValue Value { get; }

    public void Dispose() => Value.Dispose();
}
