namespace Rewas.Networks;

public enum ElementType
{
    Float32,
    Int64,
}

/// <summary>A tensor that goes into or comes out of a network.</summary>
/// <param name="Name">As in `rewas models run --input NAME=FILE`.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Shape">Size of each axis; -1 where it varies from call to call.</param>
/// <param name="Description">One sentence: what it is, and its unit.</param>
public sealed record Port(string Name, ElementType Type, long[] Shape, string Description);

/// <summary>
/// A network with its configuration applied: what goes in, what comes out, and how to build it on weights. One definition serves
/// recording (ONNX), training (Torch) and the check of a checkpoint's names and shapes.
/// </summary>
public sealed record NetworkDefinition(
    string Architecture,
    IReadOnlyList<Port> Inputs,
    IReadOnlyList<Port> Outputs,
    Func<Scope, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>> Build);
