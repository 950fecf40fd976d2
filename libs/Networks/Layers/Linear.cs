namespace Rewas.Networks.Layers;

/// <summary>A fully connected layer over the last axis.</summary>
public sealed class Linear(Scope at, int inputs, int outputs, bool bias = true)
{
    readonly Tensor weight = at["weight", outputs, inputs];
    readonly Tensor? bias = bias ? at.Get("bias", Init.Zeros, outputs) : null;

    public Tensor Forward(Tensor x) => x.Linear(weight, bias);               // [..., I] -> [..., O]
}
