using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks.Onnx;

public class ShapeTests
{
    static readonly HostTensor X = Recorded.Noise(1, 2, 3, 4);

    /// <summary>
    /// Checks that each value of the result is the input's value at the index that <paramref name="from"/> gives for its position.
    /// </summary>
    static void Expect(Func<Tensor, Tensor> recorded, long[] shape, Func<int[], int[]> from, HostTensor? input = null)
    {
        var x = input ?? X;
        var expected = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (var i = 0; i < expected.Length; i++)
            expected[i] = At(x, from(Index(i, shape)));
        Recorded.AssertEqual(HostTensor.Of(expected, shape), Recorded.Run(inputs => recorded(inputs[0]), x), 0);
    }

    static int[] Index(int flat, long[] shape)
    {
        var index = new int[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
            (flat, index[axis]) = ((int)(flat / shape[axis]), (int)(flat % shape[axis]));
        return index;
    }

    static float At(HostTensor tensor, int[] index)
    {
        var flat = 0L;
        for (var axis = 0; axis < index.Length; axis++)
            flat = flat * tensor.Shape[axis] + index[axis];
        return tensor.Floats.Span[(int)flat];
    }

    [Fact]
    public void Axes_are_permuted()
    {
        Expect(x => x.Transpose(2, 0, 1), [4, 2, 3], i => [i[1], i[2], i[0]]);
        Expect(x => x.Transpose(0, -1, -2), [2, 4, 3], i => [i[0], i[2], i[1]]);
        Expect(x => x.Transpose(2, 0, 1).Transpose(2, 0, 1), [3, 4, 2], i => [i[2], i[0], i[1]]);
    }

    [Fact]
    public void A_permutation_and_its_inverse_leave_no_node()
    {
        var graph = new OnnxGraph();
        var x = graph.Input(new Port("x", ElementType.Float32, [2, 3, 4], ""));
        Assert.Same(x, x.Transpose(2, 0, 1).Transpose(1, 2, 0));
    }

    [Fact]
    public void Slices_count_from_either_end()
    {
        Expect(x => x.Slice(2, 1, 3), [2, 3, 2], i => [i[0], i[1], i[2] + 1]);
        Expect(x => x.Slice(-1, -2), [2, 3, 2], i => [i[0], i[1], i[2] + 2]);
        Expect(x => x.Slice(1, 0, -1), [2, 2, 4], i => i);
        Expect(x => x.Slice(2, 0, null, 2), [2, 3, 2], i => [i[0], i[1], 2 * i[2]]);
        Expect(x => x.Slice(2, 1, 100), [2, 3, 3], i => [i[0], i[1], i[2] + 1]);
    }

    [Fact]
    public void Tensors_are_joined_along_an_axis() =>
        Expect(x => x.Concat(1, x, x), [2, 9, 4], i => [i[0], i[1] % 3, i[2]]);

    [Fact]
    public void Equal_parts_are_split_off()
    {
        using var network = Recorded.Load(Recorded.Definition([[-1, 4]], 2, inputs => inputs[0].Split(2, -1)[1]));
        Recorded.AssertEqual(HostTensor.Of([3f, 4], 1, 2), Assert.Single(network.Run([HostTensor.Of([1f, 2, 3, 4], 1, 4)])), 0);
    }

    [Fact]
    public void Axes_of_size_one_are_repeated()
    {
        var row = Recorded.Noise(2, 1, 4);
        Expect(x => x.Expand(3, -1), [3, 4], i => [0, i[1]], row);
        Expect(x => x.Expand(2, 3, 4), [2, 3, 4], i => [0, i[2]], row);
    }

    [Fact]
    public void A_learned_token_joins_a_batch()
    {
        var result = Recorded.Run(inputs => inputs[0].Constant([7f, 8], 1, 1, 2).RepeatAs(inputs[0]), X);
        Recorded.AssertEqual(HostTensor.Of([7f, 8, 7, 8], 2, 1, 2), result, 0);
    }

    [Fact]
    public void The_last_two_axes_are_padded()
    {
        var result = Recorded.Run(inputs => inputs[0].Pad(1, 0, 0, 2, value: 9), HostTensor.Of([1f, 2, 3, 4], 1, 2, 2));
        Recorded.AssertEqual(HostTensor.Of([9f, 1, 2, 9, 3, 4, 9, 9, 9, 9, 9, 9], 1, 4, 3), result, 0);
    }

    [Fact]
    public void Values_are_repeated_when_upsampling() =>
        Expect(x => x.UpsampleNearest(2), [1, 2, 6, 8], i => [i[0], i[1], i[2] / 2, i[3] / 2], Recorded.Noise(3, 1, 2, 3, 4));

    [Fact]
    public void Rows_of_a_table_are_gathered()
    {
        var table = Recorded.Noise(4, 5, 3);
        var result = Recorded.Run(inputs => inputs[0].Gather(inputs[1]), table, HostTensor.Of([4L, 0, 0, 2], 2, 2));
        var rows = ((int[])[4, 0, 0, 2]).SelectMany(row => table.Floats.ToArray()[(row * 3)..(row * 3 + 3)]).ToArray();
        Recorded.AssertEqual(HostTensor.Of(rows, 2, 2, 3), result, 0);
    }

    [Fact]
    public void Reshaping_keeps_the_order_of_values()
    {
        Recorded.AssertEqual(HostTensor.Of(X.Floats, 6, 4), Recorded.Run(inputs => inputs[0].Reshape(6, 4), X), 0);
        Recorded.AssertEqual(HostTensor.Of(X.Floats, 2, 12), Recorded.Run(inputs => inputs[0].Reshape(-1, 12), X), 0);
    }

    [Theory]
    [InlineData(new long[] { -1, 8, 64 }, new long[] { -1, 8, 4, 16 }, new long[] { -1, 8, 4, 16 })]
    [InlineData(new long[] { -1, -1, 64 }, new long[] { -1, -1, 4, 16 }, new long[] { -1, -1, 4, 16 })]
    [InlineData(new long[] { -1, 8, 4, 4 }, new long[] { -1, 8, -1 }, new long[] { -1, 8, 16 })]
    [InlineData(new long[] { 2, 8, 4 }, new long[] { -1, 4 }, new long[] { 16, 4 })]
    [InlineData(new long[] { -1, 8, -1 }, new long[] { -1, -1, 8 }, new long[] { -1, -1, 8 })]
    public void Reshaping_infers_what_is_certain(long[] from, long[] to, long[] expected) =>
        Assert.Equal(expected, ShapeRules.Reshape(from, to).Result);

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 7 })]
    [InlineData(new long[] { 2, 3 }, new long[] { -1, 4 })]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { -1, -1 })]
    public void Reshaping_refuses_impossible_shapes(long[] from, long[] to) =>
        Assert.Throws<ArgumentException>(() => ShapeRules.Reshape(from, to));

    [Fact]
    public void Sizes_that_are_not_known_are_copied_in_place_when_the_network_runs()
    {
        using var network = Recorded.Load(Recorded.Definition([[-1, -1, 6]], 4, inputs => inputs[0].Reshape(-1, -1, 2, 3)));
        Assert.Equal([5L, 7, 2, 3], network.Run([Recorded.Noise(1, 5, 7, 6)])[0].Shape);
    }
}
