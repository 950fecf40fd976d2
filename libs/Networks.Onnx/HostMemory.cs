using Microsoft.ML.OnnxRuntime;
using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <summary>Converts between this process's tensors and the runtime's.</summary>
static class HostMemory
{
    /// <summary>Wraps the tensor's own memory, pinned until the result is disposed.</summary>
    public static OrtValue Wrap(HostTensor tensor) => tensor.Type == ElementType.Float32
        ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tensor.Floats, tensor.Shape)
        : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tensor.Integers, tensor.Shape);

    public static HostTensor Copy(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return info.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float
            ? HostTensor.Of(value.GetTensorDataAsSpan<float>().ToArray(), info.Shape)
            : HostTensor.Of(value.GetTensorDataAsSpan<long>().ToArray(), info.Shape);
    }
}
