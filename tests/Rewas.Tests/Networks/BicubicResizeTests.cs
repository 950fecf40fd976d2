using Rewas.Networks.Layers;

namespace Rewas.Tests.Networks;

public class BicubicResizeTests
{
    [Fact]
    public void The_same_length_changes_nothing() =>
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], BicubicResize.Matrix(3, 3));

    [Fact]
    public void Ends_stay_and_values_beyond_them_repeat_the_last()
    {
        var rows = BicubicResize.Matrix(4, 7).Chunk(4).ToArray();
        Assert.Equal([1, 0, 0, 0], rows[0]);
        Assert.Equal([0.59375f - 0.09375f, 0.59375f, -0.09375f, 0], rows[1]);        // half way: -3/32, 19/32, 19/32, -3/32
        Assert.Equal([-0.09375f, 0.59375f, 0.59375f, -0.09375f], rows[3]);
        Assert.Equal([0, 0, 0, 1], rows[6]);
    }

    [Theory]
    [InlineData(1001, 1024)]
    [InlineData(1, 5)]
    [InlineData(9, 4)]
    public void A_constant_stays_one(int from, int to) =>
        Assert.All(BicubicResize.Matrix(from, to).Chunk(from), row => Assert.Equal(1, row.Sum(), 1e-6));
}
