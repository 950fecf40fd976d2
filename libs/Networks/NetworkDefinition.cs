using Rewas.Clip;

namespace Rewas.Networks;

/// <summary>An input or output of a network.</summary>
/// <param name="Name">As in `rewas models run --input NAME=FILE`.</param>
/// <param name="Shape">Size of each axis; -1 if it varies from call to call.</param>
/// <param name="Description">One sentence: meaning and unit.</param>
public sealed record Port(string Name, ElementType Type, long[] Shape, string Description);

/// <summary>
/// A configured network: its inputs, its outputs, and how to build it on weights. One definition serves recording (ONNX), training (Torch)
/// and the check of a checkpoint's names and shapes.
/// </summary>
public sealed record NetworkDefinition(
    string Architecture,
    IReadOnlyList<Port> Inputs,
    IReadOnlyList<Port> Outputs,
    Func<Scope, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>> Build)
{
    /// <summary>The same network for batches of one row. A backend can then do with less.</summary>
    public NetworkDefinition OfOneRow() => this with { Inputs = OneRow(Inputs), Outputs = OneRow(Outputs) };

    static IReadOnlyList<Port> OneRow(IReadOnlyList<Port> ports) =>
        [.. ports.Select(port => port.Shape is [-1, ..] ? port with { Shape = [1, .. port.Shape[1..]] } : port)];
}
