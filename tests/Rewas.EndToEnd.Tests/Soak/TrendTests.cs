namespace Rewas.EndToEnd.Tests.Soak;

public sealed class TrendTests
{
    const int Values = 600;

    [Fact]
    public void Memory_that_a_collector_takes_back_is_flat() => Assert.InRange(GrowthOf(i => 200 + i % 37), 0, 1);

    [Fact]
    public void What_fills_in_the_warm_up_or_once_is_flat()
    {
        Assert.Equal(0, GrowthOf(i => Math.Min(i, Values / 5)));
        Assert.Equal(0, GrowthOf(i => i < Values * 9 / 10 ? 100 : 140));
    }

    [Theory]
    [InlineData(0.1, 40)]
    [InlineData(0.02, 8)]
    public void What_is_lost_with_each_request_is_growth(double lost, double growth) =>
        Assert.InRange(GrowthOf(i => 200 + 30 * (i % 11) / 11.0 + lost * i), growth, growth * 1.25);

    [Fact]
    public void Growth_is_judged_by_a_number_or_by_a_share_of_the_level()
    {
        Assert.True(new Trend(Level: 1000, Growth: 90).IsFlat(most: 32, share: 0.1));
        Assert.True(new Trend(Level: 100, Growth: 30).IsFlat(most: 32, share: 0.1));
        Assert.False(new Trend(Level: 100, Growth: 33).IsFlat(most: 32, share: 0.1));
    }

    static double GrowthOf(Func<int, double> value) => Trend.Of([.. Enumerable.Range(0, Values).Select(value)]).Growth;
}
