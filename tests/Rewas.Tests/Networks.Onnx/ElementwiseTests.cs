using Rewas.Clip;
using Rewas.Networks;

namespace Rewas.Tests.Networks.Onnx;

public class ElementwiseTests
{
    static readonly HostTensor X = Recorded.Noise(1, 2, 3, 4);

    static void Expect(Func<Tensor, Tensor> recorded, Func<float, double> expected, HostTensor? input = null, double tolerance = 1e-6)
    {
        var x = input ?? X;
        var result = Recorded.Run(inputs => recorded(inputs[0]), x);
        Recorded.AssertEqual(
            HostTensor.Of(x.Floats.ToArray().Select(value => (float)expected(value)).ToArray(), x.Shape), result, tolerance);
    }

    static HostTensor Positive => HostTensor.Of(X.Floats.ToArray().Select(value => value + 1.5f).ToArray(), X.Shape);

    [Fact]
    public void Functions_of_one_value_equal_their_definitions()
    {
        Expect(x => x.Exp(), x => Math.Exp(x));
        Expect(x => x.Log(), x => Math.Log(x), Positive);
        Expect(x => x.Sqrt(), x => Math.Sqrt(x), Positive);
        Expect(x => x.Sin(), x => Math.Sin(x));
        Expect(x => x.Cos(), x => Math.Cos(x));
        Expect(x => x.Tanh(), x => Math.Tanh(x));
        Expect(x => x.Asinh(), x => Math.Asinh(x));
        Expect(x => x.Sigmoid(), x => 1 / (1 + Math.Exp(-x)));
        Expect(x => x.Erf(), x => Erf(x));
        Expect(x => x.LeakyRelu(0.1f), x => x > 0 ? x : 0.1 * x);
        Expect(x => x.Relu(), x => Math.Max(x, 0));
        Expect(x => x.Clamp(-0.5f, 0.25f), x => Math.Clamp(x, -0.5, 0.25));
        Expect(x => x.Silu(), x => x / (1 + Math.Exp(-x)));
        Expect(x => x.Gelu(), x => x / 2 * (1 + Erf(x / Math.Sqrt(2))));
        Expect(x => x.QuickGelu(), x => x / (1 + Math.Exp(-1.702 * x)));
        Expect(x => x.Dropout(0.5f), x => x);
    }

    [Fact]
    public void Arithmetic_with_a_number_equals_its_definition()
    {
        Expect(x => x + 2, x => x + 2.0);
        Expect(x => x - 2, x => x - 2.0);
        Expect(x => x * 2, x => x * 2.0);
        Expect(x => x / 2, x => x / 2.0);
    }

    [Fact]
    public void Operands_broadcast_as_in_NumPy()
    {
        var column = Recorded.Noise(2, 3, 1);
        var (x, c) = (X.Floats.ToArray(), column.Floats.ToArray());
        (Func<Tensor, Tensor, Tensor> Recorded, Func<float, float, float> Expected)[] operations =
        [
            ((a, b) => a + b, (a, b) => a + b),
            ((a, b) => a - b, (a, b) => a - b),
            ((a, b) => a * b, (a, b) => a * b),
            ((a, b) => a / b, (a, b) => a / b),
        ];
        foreach (var (recorded, expected) in operations)
        {
            var result = Recorded.Run(inputs => recorded(inputs[0], inputs[1]), X, column);
            Recorded.AssertEqual(HostTensor.Of(x.Select((value, i) => expected(value, c[i / 4 % 3])).ToArray(), 2, 3, 4), result, 1e-5);
        }
    }

    [Fact]
    public void Integers_compare_accumulate_and_convert()
    {
        var ids = HostTensor.Of([1L, 5, 1, 7, 7, 1], 2, 3);
        Recorded.AssertEqual(HostTensor.Of([1L, 0, 1, 0, 0, 1], 2, 3), Recorded.Run(inputs => inputs[0].EqualTo(1), ids), 0);
        Recorded.AssertEqual(HostTensor.Of([1L, 6, 7, 7, 14, 15], 2, 3), Recorded.Run(inputs => inputs[0].CumulativeSum(-1), ids), 0);
        Recorded.AssertEqual(HostTensor.Of([1f, 5, 1, 7, 7, 1], 2, 3), Recorded.Run(inputs => inputs[0].ToFloat(), ids), 0);
        Recorded.AssertEqual(
            HostTensor.Of([3L, 7, 3, 9, 9, 3], 2, 3), Recorded.Run(inputs => inputs[0] + inputs[0].Constant([2L], 1), ids), 0);
    }

    [Fact]
    public void The_index_of_the_largest_value_drops_the_last_axis()
    {
        Recorded.AssertEqual(
            HostTensor.Of([1L, 0], 2), Recorded.Run(inputs => inputs[0].ArgMax(), HostTensor.Of([1L, 5, 1, 7, 7, 1], 2, 3)), 0);
        Recorded.AssertEqual(HostTensor.Of([2L], 1), Recorded.Run(inputs => inputs[0].ArgMax(), HostTensor.Of([0.1f, -3, 0.2f], 1, 3)), 0);
    }

    [Fact]
    public void Refuses_operands_of_two_types_and_shapes_that_do_not_broadcast()
    {
        Assert.Throws<ArgumentException>(() => Recorded.Run(inputs => inputs[0] + inputs[0].ArgMax(), X));
        Assert.Throws<ArgumentException>(() => Recorded.Run(inputs => inputs[0] + inputs[1], X, Recorded.Noise(1, 5)));
    }

    /// <summary>The error function by its Maclaurin series. It is exact to double precision for such small arguments.</summary>
    static double Erf(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
