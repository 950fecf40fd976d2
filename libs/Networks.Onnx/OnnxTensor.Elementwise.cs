using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <content>Elementwise operations.</content>
sealed partial class OnnxTensor
{
    public override Tensor Add(Tensor other) => Binary("Add", other);

    public override Tensor Subtract(Tensor other) => Binary("Sub", other);

    public override Tensor Multiply(Tensor other) => Binary("Mul", other);

    public override Tensor Divide(Tensor other) => Binary("Div", other);

    public override Tensor Exp() => AsFloat().Unary("Exp");

    public override Tensor Log() => AsFloat().Unary("Log");

    public override Tensor Sqrt() => AsFloat().Unary("Sqrt");

    public override Tensor Sin() => AsFloat().Unary("Sin");

    public override Tensor Cos() => AsFloat().Unary("Cos");

    public override Tensor Tanh() => Unary("Tanh");

    public override Tensor Asinh() => AsFloat().Unary("Asinh");

    public override Tensor Sigmoid() => Unary("Sigmoid");

    public override Tensor Erf() => AsFloat().Unary("Erf");

    public override Tensor Relu() => Unary("Relu");

    public override Tensor Gelu() => Unary("Gelu");

    public override Tensor LeakyRelu(float negativeSlope) => negativeSlope == 0 ? Relu() : Unary("LeakyRelu", ("alpha", negativeSlope));

    public override Tensor Clamp(float minimum, float maximum)
    {
        RequireFloat("Clip");
        if (half && (Math.Abs(minimum) > (float)System.Half.MaxValue || Math.Abs(maximum) > (float)System.Half.MaxValue))
            return InFloat(x => x.Clamp(minimum, maximum));
        return Result(graph.Node("Clip", [Name, LikeThis(graph.Constant([minimum])), LikeThis(graph.Constant([maximum]))]), shape);
    }

    public override Tensor EqualTo(long value)
    {
        if (Type != ElementType.Int64)
            throw new ArgumentException($"EqualTo needs int64, but {Name} is {Type}");
        return Result(graph.Cast(graph.Node("Equal", [Name, graph.Constant([value])]), ElementType.Int64), shape);
    }

    public override Tensor CumulativeSum(int axis) => Result(graph.Node("CumSum", [Name, graph.Constant([(long)AxisOf(axis)])]), shape);

    public override Tensor ToFloat() =>
        Type == ElementType.Float32 ? this : Result(graph.Cast(Name, ElementType.Float32), shape, ElementType.Float32);

    OnnxTensor Binary(string operation, Tensor other)
    {
        if (!half && other is OnnxTensor { half: true })
            return AsHalf().Binary(operation, other);
        var second = Own(other);
        if (second.Type != Type)
            throw new ArgumentException($"{operation} of {Type} and {second.Type}: convert one first");
        return Result(graph.Node(operation, [Name, second.Name]), ShapeRules.Broadcast(shape, second.shape));
    }
}
