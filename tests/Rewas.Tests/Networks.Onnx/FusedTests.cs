using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Tests.Networks.Onnx;

public class FusedTests
{
    [Fact]
    public void Layer_normalisation_works_on_the_last_axis()
    {
        var (x, w, b) = (Recorded.Noise(1, 2, 3, 8), Recorded.Noise(2, 8), Recorded.Noise(3, 8));
        var expected = Reference.Normalised(x.Floats.ToArray(), 8, 1e-5)
            .Select((value, i) => value * w.Floats.Span[i % 8] + b.Floats.Span[i % 8]);
        Recorded.AssertEqual(
            HostTensor.Of(expected.ToArray(), x.Shape),
            Recorded.Run(inputs => inputs[0].LayerNorm(inputs[1], inputs[2], 1e-5f), x, w, b),
            1e-5);
    }

    [Theory]
    [InlineData(new long[] { 2, 6, 5 })]
    [InlineData(new long[] { 2, 6, 3, 4 })]
    public void Group_normalisation_works_on_groups_of_channels(long[] shape)
    {
        var (x, w, b) = (Recorded.Noise(1, shape), Recorded.Noise(2, 6), Recorded.Noise(3, 6));
        var perChannel = x.Floats.Length / 2 / 6;
        var expected = Reference.Normalised(x.Floats.ToArray(), 2 * perChannel, 1e-6)
            .Select((value, i) => value * w.Floats.Span[i / perChannel % 6] + b.Floats.Span[i / perChannel % 6]);
        foreach (var open in (long[][])[[], [0], [.. Enumerable.Range(2, shape.Length - 2)], [0, .. Enumerable.Range(2, shape.Length - 2)]])
        {
            long[] port = [.. shape.Select((size, axis) => open.Contains(axis) ? -1 : size)];
            using var network = Recorded.Load(
                Recorded.Definition([port, [6], [6]], shape.Length, inputs => inputs[0].GroupNorm(3, inputs[1], inputs[2], 1e-6f)));
            Recorded.AssertEqual(HostTensor.Of(expected.ToArray(), shape), network.Run([x, w, b])[0], 1e-5);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(new long[] { 1, 1, 5, 7 })]
    [InlineData(new long[] { 1, 3, 5, 7 })]
    [InlineData(new long[] { 2, 3, 5, 7 })]
    [InlineData(new long[] { 2, 1, 1, 7 })]
    [InlineData(new long[] { 5, 7 })]
    public void Attention_equals_its_definition_with_every_kind_of_bias(long[]? biasShape)
    {
        var (q, k, v) = (Recorded.Noise(1, 2, 3, 5, 4), Recorded.Noise(2, 2, 3, 7, 4), Recorded.Noise(3, 2, 3, 7, 6));
        var bias = biasShape is null ? null : Recorded.Noise(4, biasShape);
        double Bias(params int[] index)
        {
            if (bias is null)
                return 0;
            var flat = 0L;
            for (var axis = 0; axis < biasShape!.Length; axis++)
                flat = flat * biasShape[axis] + Math.Min(index[4 - biasShape.Length + axis], biasShape[axis] - 1);
            return bias.Floats.Span[(int)flat];
        }
        var expected = Reference.Attention(q, k, v, 0.5, (b, h, n, m) => Bias(b, h, n, m));
        HostTensor[] inputs = bias is null ? [q, k, v] : [q, k, v, bias];
        foreach (var open in (int[][])[[], [0], [0, 2]])
        {
            long[][] ports =
            [
                .. inputs.Select(input =>
                    input.Shape.Select((size, axis) => open.Contains(axis) && input.Shape.Length == 4 && size > 1 ? -1 : size).ToArray()),
            ];
            using var network =
                Recorded.Load(Recorded.Definition(ports, 4, x => x[0].Attention(x[1], x[2], 0.5f, bias is null ? null : x[3])));
            Recorded.AssertEqual(expected, network.Run(inputs)[0], 1e-5);
        }
    }

    [Fact]
    public void Attention_between_linear_layers_is_one_node_without_permutations()
    {
        var operations = Operations([[-1, -1, 12]], inputs =>
        {
            var heads = inputs[0].Reshape(-1, -1, 3, 4).Transpose(0, 2, 1, 3);
            return heads.Attention(heads, heads, 0.5f).Transpose(0, 2, 1, 3).Reshape(-1, -1, 12);
        });
        Assert.Single(operations, "MultiHeadAttention");
        Assert.DoesNotContain("Transpose", operations);
    }

    [Fact]
    public void A_linear_layer_does_not_transpose_its_weight_in_the_graph()
    {
        Assert.Equal(["Gemm", "Identity"], Operations([[3, 4], [5, 4]], inputs => inputs[0].Linear(inputs[1])));
        Assert.Equal(["FusedMatMul", "Identity"], Operations([[2, 3, 4], [5, 4]], inputs => inputs[0].Linear(inputs[1])));
    }

    [Fact]
    public void Equal_constants_are_stored_once_and_unused_ones_not_at_all()
    {
        var model = Model([[2, 3]], inputs =>
        {
            _ = inputs[0] * 17f;
            return (inputs[0] + 2) * 2 / 2;
        });
        Assert.Equal(2f, BitConverter.ToSingle(Assert.Single(model.Graph.Initializer).RawData.Span));
        Assert.Equal(["Add", "Mul", "Div", "Identity"], model.Graph.Node.Select(node => node.OpType));
    }

    static string[] Operations(long[][] shapes, Func<IReadOnlyList<Tensor>, Tensor> forward) =>
        [.. Model(shapes, forward).Graph.Node.Select(node => node.OpType)];

    static ModelProto Model(long[][] shapes, Func<IReadOnlyList<Tensor>, Tensor> forward)
    {
        var graph = new OnnxGraph();
        Tensor[] inputs = [.. shapes.Select((shape, i) => graph.Input(new Port($"in{i}", ElementType.Float32, shape, "")))];
        var output = (OnnxTensor)forward(inputs);
        return graph.Finish("test", [new Port("out", ElementType.Float32, [.. output.Shape], "")], [output]).Model;
    }
}
