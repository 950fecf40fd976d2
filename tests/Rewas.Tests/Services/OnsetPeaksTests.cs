using Rewas.EnergyPredictor;

namespace Rewas.Tests.Services;

public sealed class OnsetPeaksTests
{
    [Fact]
    public void Only_the_likeliest_neighbour_is_an_onset() =>
        Assert.Equal([0, 1, 0, 0, 0, 1, 0], OnsetPeaks.Of([0.2f, 0.9f, 0.8f, 0.1f, 0.3f, 0.4f, 0.35f], 0.3f));

    [Fact]
    public void The_last_of_equal_neighbours_is_the_onset() => Assert.Equal([0, 0, 1, 0], OnsetPeaks.Of([0, 2, 2, 1], 1));

    [Fact]
    public void Values_below_the_threshold_are_not_onsets() => Assert.Equal([0, 0, 0], OnsetPeaks.Of([0, 0.9f, 0], 1));

    [Fact]
    public void The_first_and_the_last_token_can_be() => Assert.Equal([1, 0, 1], OnsetPeaks.Of([2, 0, 3], 1));
}
