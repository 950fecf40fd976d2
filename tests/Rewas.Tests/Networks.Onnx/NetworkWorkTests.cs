using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Layers;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Networks.Onnx;

public sealed class NetworkWorkTests
{
    [Fact]
    public void Multiply_adds_are_those_of_products_convolutions_and_attentions()
    {
        Assert.Equal(3 * 7 * 20 * 24, Work([3, 7, 20], at => new Linear(at, 20, 24).Forward));
        Assert.Equal(2 * 24 * 6 * 8 * 40 * 9, Work([2, 40, 6, 8], at => new Conv2d(at, 40, 24, 3).Forward));
        Assert.Equal(2 * 5 * 5 * 16 * 2, Work([2, 5, 16], _ => x => x.MultiHeadAttention(x, x, heads: 4)));
        Assert.Equal(0, Work([2, 5, 16], _ => x => x + x));
    }

    static long Work(long[] shape, Func<Scope, Func<Tensor, Tensor>> layer) => NetworkWork.MultiplyAdds(new(
        "test",
        [new Port("x", ElementType.Float32, shape, "Test input.")],
        [new Port("out", ElementType.Float32, shape, "Test output.")],
        at =>
        {
            var forward = layer(at);
            return x => [forward(x[0])];
        }));
}
