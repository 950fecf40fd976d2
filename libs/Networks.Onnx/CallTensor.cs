using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <summary>An input or output of a bound call: in the memory of this process, or of the device.</summary>
public readonly struct CallTensor
{
    CallTensor(ElementType type, IReadOnlyList<long> shape) => (Type, Shape) = (type, shape);

    public ElementType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    internal HostTensor? Host { get; private init; }

    internal DeviceTensor? Device { get; private init; }

    public static implicit operator CallTensor(HostTensor tensor) => Of(tensor);

    public static implicit operator CallTensor(DeviceTensor tensor) => Of(tensor);

    public static CallTensor Of(HostTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(tensor.Type, tensor.Shape) { Host = tensor };
    }

    public static CallTensor Of(DeviceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(tensor.Type, tensor.Shape) { Device = tensor };
    }
}
