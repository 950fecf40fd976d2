using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>Checks that tensors match the ports of a network in count, type, rank and fixed sizes.</summary>
static class PortCheck
{
    public static void ThrowUnlessFits(string network, IReadOnlyList<Port> ports, ReadOnlySpan<CallTensor> tensors)
    {
        if (tensors.Length != ports.Count)
            throw InputFault.Invalid(
                network,
                $"takes or gives {ports.Count} tensors ({string.Join(", ", ports.Select(port => port.Name))}), " +
                $"but {tensors.Length} were given");
        for (var i = 0; i < ports.Count; i++)
            if (tensors[i].Type != ports[i].Type || !Fits(ports[i].Shape, tensors[i].Shape))
                throw InputFault.Invalid(
                    ports[i].Name,
                    $"must be {Text(ports[i].Type, ports[i].Shape)}, but is {Text(tensors[i].Type, tensors[i].Shape)}");
    }

    /// <summary>Checks recorded outputs. If they differ from the declared ones, the definition does not match its configuration.</summary>
    public static void ThrowUnlessRecorded(IReadOnlyList<Port> ports, IReadOnlyList<OnnxTensor> outputs)
    {
        if (outputs.Count != ports.Count)
            throw new ArgumentException($"{ports.Count} outputs are declared, but {outputs.Count} computed");
        foreach (var (port, output) in ports.Zip(outputs))
            if (output.Type != port.Type || output.Rank != port.Shape.Length
                || !port.Shape.Zip(output.Shape).All(sizes => ShapeRules.Agree(sizes.First, sizes.Second)))
                throw new ArgumentException(
                    $"output '{port.Name}' is declared {Text(port.Type, port.Shape)}, but computed {Text(output.Type, output.Shape)}");
    }

    static bool Fits(long[] port, IReadOnlyList<long> given)
    {
        if (port.Length != given.Count)
            return false;
        for (var axis = 0; axis < port.Length; axis++)
            if (given[axis] < 1 || !ShapeRules.Agree(port[axis], given[axis]))
                return false;
        return true;
    }

    static string Text(ElementType type, IReadOnlyList<long> shape) =>
        $"{(type == ElementType.Float32 ? "float32" : "int64")} {ShapeRules.Text(shape)}";
}
