using Rewas.Clip;

namespace Rewas.Tests.Networks.Onnx;

public class ProductTests
{
    [Fact]
    public void Reductions_keep_or_drop_their_axis()
    {
        var x = HostTensor.Of([1f, 2, 3, -4, 5, 6], 2, 3);
        Recorded.AssertEqual(HostTensor.Of([2f, 7f / 3], 2, 1), Recorded.Run(inputs => inputs[0].Mean(-1), x), 1e-6);
        Recorded.AssertEqual(HostTensor.Of([-3f, 7, 9], 3), Recorded.Run(inputs => inputs[0].Sum(0, keepAxis: false), x), 1e-6);
        Recorded.AssertEqual(HostTensor.Of([3f, 6], 2), Recorded.Run(inputs => inputs[0].Max(1, keepAxis: false), x), 0);
    }

    [Fact]
    public void Softmax_sums_to_one_along_its_axis()
    {
        var x = Recorded.Noise(1, 2, 3, 4);
        var exponentials = x.Floats.ToArray().Select(value => Math.Exp(value)).ToArray();
        var expected =
            exponentials.Select((value, i) => (float)(value / Enumerable.Range(0, 3).Sum(j => exponentials[i / 12 * 12 + j * 4 + i % 4])));
        Recorded.AssertEqual(HostTensor.Of(expected.ToArray(), x.Shape), Recorded.Run(inputs => inputs[0].Softmax(1), x), 1e-6);
    }

    [Fact]
    public void A_unit_vector_has_norm_one()
    {
        var result = Recorded.Run(inputs => inputs[0].L2Normalize(-1), HostTensor.Of([3f, 4, 0, 2], 2, 2));
        Recorded.AssertEqual(HostTensor.Of([0.6f, 0.8f, 0, 1], 2, 2), result, 1e-6);
    }

    [Theory]
    [InlineData(new long[] { 3, 4 }, new long[] { 4, 2 })]
    [InlineData(new long[] { 2, 5, 3, 4 }, new long[] { 2, 5, 4, 2 })]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 4, 2 })]
    [InlineData(new long[] { 2, 5, 3, 4 }, new long[] { 1, 4, 2 })]
    public void Matrices_multiply_and_their_batches_broadcast(long[] left, long[] right)
    {
        var (a, b) = (Recorded.Noise(1, left), Recorded.Noise(2, right));
        Recorded.AssertEqual(Reference.MatMul(a, b), Recorded.Run(inputs => inputs[0].MatMul(inputs[1]), a, b), 1e-5);
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(1, 1, 1, 2)]
    public void Convolutions_equal_their_sums(int stride, int padding, int dilation, int groups)
    {
        var (x, w, b) = (Recorded.Noise(1, 2, 4, 9), Recorded.Noise(2, 6, 4 / groups, 3), Recorded.Noise(3, 6));
        Recorded.AssertEqual(
            Signal(Reference.Convolve(Picture(x), Picture(w), b, stride, padding, dilation, groups, oneDimensional: true)),
            Recorded.Run(inputs => inputs[0].Conv1d(inputs[1], inputs[2], stride, padding, dilation, groups), x, w, b), 1e-5);

        var (picture, kernel) = (Recorded.Noise(1, 2, 4, 7, 8), Recorded.Noise(2, 6, 4 / groups, 3, 3));
        Recorded.AssertEqual(
            Reference.Convolve(picture, kernel, null, stride, padding, dilation, groups, oneDimensional: false),
            Recorded.Run(inputs => inputs[0].Conv2d(inputs[1], null, stride, padding, dilation, groups), picture, kernel), 1e-5);

        static HostTensor Picture(HostTensor tensor) => HostTensor.Of(tensor.Floats, tensor.Shape[0], tensor.Shape[1], 1, tensor.Shape[2]);
        static HostTensor Signal(HostTensor tensor) => HostTensor.Of(tensor.Floats, tensor.Shape[0], tensor.Shape[1], tensor.Shape[3]);
    }

    [Fact]
    public void Pooling_takes_the_largest_of_each_whole_square()
    {
        var x = HostTensor.Of([.. Enumerable.Range(0, 42).Select(i => i % 7 == 3 ? -i : (float)i)], 1, 1, 6, 7);
        var expected = HostTensor.Of([16f, 18, 20, 30, 32, 34], 1, 1, 2, 3);
        Recorded.AssertEqual(expected, Recorded.Run(inputs => inputs[0].MaxPool2d(3, stride: 2), x), 0);
    }

    [Theory]
    [InlineData(2, 1, 0, 4)]
    [InlineData(5, 3, 1, 10)]
    public void Transposed_convolutions_spread_every_value(int stride, int padding, int outputPadding, int kernel)
    {
        var (x, w, b) = (Recorded.Noise(1, 2, 3, 6), Recorded.Noise(2, 3, 4, kernel), Recorded.Noise(3, 4));
        Recorded.AssertEqual(
            Reference.ConvTranspose1d(x, w, b, stride, padding, outputPadding),
            Recorded.Run(inputs => inputs[0].ConvTranspose1d(inputs[1], inputs[2], stride, padding, outputPadding), x, w, b), 1e-5);
    }

    [Theory]
    [InlineData(new long[] { 3, 4 })]
    [InlineData(new long[] { 2, 3, 4 })]
    [InlineData(new long[] { 2, 5, 3, 4 })]
    public void A_linear_layer_multiplies_by_the_transposed_weight(long[] shape)
    {
        var (x, w, b) = (Recorded.Noise(1, shape), Recorded.Noise(2, 5, 4), Recorded.Noise(3, 5));
        var product = Reference.MatMul(x, Reference.Transposed(w));
        Recorded.AssertEqual(product, Recorded.Run(inputs => inputs[0].Linear(inputs[1]), x, w), 1e-5);
        var expected = HostTensor.Of(product.Floats.ToArray().Select((value, i) => value + b.Floats.Span[i % 5]).ToArray(), product.Shape);
        Recorded.AssertEqual(expected, Recorded.Run(inputs => inputs[0].Linear(inputs[1], inputs[2]), x, w, b), 1e-5);
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        Assert.Throws<ArgumentException>(() => Recorded.Run(inputs => inputs[0].MatMul(inputs[0]), Recorded.Noise(1, 3, 4)));
        Assert.Throws<ArgumentException>(
            () => Recorded.Run(inputs => inputs[0].Conv1d(inputs[1], null), Recorded.Noise(1, 1, 3, 9), Recorded.Noise(1, 2, 4, 3)));
    }
}
