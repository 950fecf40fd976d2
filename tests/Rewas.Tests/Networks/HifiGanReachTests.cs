using Rewas.Networks.Architectures;

namespace Rewas.Tests.Networks;

public class HifiGanReachTests
{
    static readonly HifiGanReach Published = new(new());

    [Fact]
    public void The_published_vocoder_gives_160_samples_a_frame() => Assert.Equal(160, Published.SamplesPerFrame);

    [Fact]
    public void Frames_needed_move_with_the_samples()
    {
        var (first, last) = Published.Frames(0, 0);
        Assert.Equal((first + 100, last + 100), Published.Frames(16_000, 16_000));
        Assert.True(first < 0 && last > 0);
    }

    [Fact]
    public void A_single_plain_stage_reaches_as_far_as_its_kernels()
    {
        // With rate 1, kernel 1 and residual kernels 1, only the two outer convolutions of 7 remain: 3 frames to each side.
        var reach = new HifiGanReach(
            new() { UpsampleRates = [1], UpsampleKernels = [1], ResidualKernels = [1], ResidualDilations = [[1]] });
        Assert.Equal((-6, 6), reach.Frames(0, 0));
        Assert.Equal(6, reach.ContextFrames);
    }
}
