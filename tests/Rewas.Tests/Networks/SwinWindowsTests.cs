using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Layers;
using Rewas.Tests.Networks.Onnx;

namespace Rewas.Tests.Networks;

public class SwinWindowsTests
{
    const int Side = 6, Window = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_cut_is_joined_again(bool shifted)
    {
        var windows = new SwinWindows(Side, Window, shifted);
        var picture = Recorded.Noise(1, 2, Side, Side, 5);
        Recorded.AssertEqual(picture, Run(x => windows.Join(windows.Cut(x)), picture), 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_mask_separates_exactly_the_tokens_that_only_wrapping_around_the_edge_brings_together(bool shifted)
    {
        var windows = new SwinWindows(Side, Window, shifted);
        var places = Run(windows.Cut, Places()).Floats.ToArray();                // [t, n, 2]: row and column
        var mask = windows.Mask();                                               // [n, t, t]
        foreach (var (window, i, j) in Pairs(windows))
        {
            var (row, column) = Offset(places, windows, window, i, j);
            Assert.Equal(
                Math.Abs(row) < Window && Math.Abs(column) < Window, mask[(window * windows.Tokens + i) * windows.Tokens + j] == 0);
        }
        Assert.Equal(shifted, mask.Any(value => value != 0));
    }

    [Fact]
    public void Every_offset_within_a_window_has_its_own_bias()
    {
        var windows = new SwinWindows(Side, Window, shifted: false);
        var places = Run(windows.Cut, Places()).Floats.ToArray();
        var positions = windows.RelativePositions();
        foreach (var (window, i, j) in Pairs(windows))
        {
            var (row, column) = Offset(places, windows, window, i, j);
            Assert.Equal((row + 2) * 5 + column + 2, positions[i * windows.Tokens + j]);
        }
    }

    [Fact]
    public void A_single_window_is_not_shifted() => Assert.False(new SwinWindows(Window, Window, shifted: true).Shifted);

    static IEnumerable<(int Window, int I, int J)> Pairs(SwinWindows windows) =>
        from window in Enumerable.Range(0, windows.Count)
        from i in Enumerable.Range(0, windows.Tokens)
        from j in Enumerable.Range(0, windows.Tokens)
        select (window, i, j);

    static (int Row, int Column) Offset(float[] places, SwinWindows windows, int window, int i, int j)
    {
        int Place(int token, int axis) => (int)places[(token * windows.Count + window) * 2 + axis];
        return (Place(i, 0) - Place(j, 0), Place(i, 1) - Place(j, 1));
    }

    static HostTensor Places() =>
        HostTensor.Of([.. Enumerable.Range(0, Side * Side).SelectMany(i => new float[] { i / Side, i % Side })], 1, Side, Side, 2);

    static HostTensor Run(Func<Tensor, Tensor> forward, HostTensor picture)
    {
        using var network = Recorded.Load(Recorded.Definition([[-1, .. picture.Shape[1..]]], 4, inputs => forward(inputs[0])));
        return network.Run([picture])[0];
    }
}
