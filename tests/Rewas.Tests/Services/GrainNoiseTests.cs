using Rewas.AudioDiffusion;
using Rewas.Clip;
using Rewas.Sound;

namespace Rewas.Tests.Services;

/// <summary>The grain is that of white noise, and one noise covers the whole sound.</summary>
public sealed class GrainNoiseTests
{
    const int Bins = ClipTiming.MelBins;

    [Fact]
    public void The_tables_match_white_noise()
    {
        const int Frames = 20_000;
        var grain = new GrainNoise(seed: 5, candidate: 0).Of(0, Frames);
        for (var bin = 0; bin < Bins; bin++)
        {
            double sum = 0, changes = 0;
            for (var frame = 1; frame < Frames; frame++)
            {
                sum += grain[frame * Bins + bin];
                changes += Math.Pow(grain[frame * Bins + bin] - grain[(frame - 1) * Bins + bin], 2);
            }
            Assert.Equal(0, sum / Frames, 0.02);
            Assert.Equal(1, Math.Sqrt(changes / Frames) / NoiseGrain.Change[bin], 0.04);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(352)]
    [InlineData(1L << 33)]
    public void Overlapping_windows_have_the_same_grain_where_they_overlap(long first)
    {
        var noise = new GrainNoise(seed: 7, candidate: 2);
        var (whole, later) = (noise.Of(first, 512), noise.Of(first + 160, 512));
        Assert.Equal(whole[(160 * Bins)..], later[..((512 - 160) * Bins)]);
    }

    [Fact]
    public void Seeds_and_candidates_have_grain_of_their_own()
    {
        var grain = new GrainNoise(1, 0).Of(0, 8);
        Assert.NotEqual(grain, new GrainNoise(2, 0).Of(0, 8));
        Assert.NotEqual(grain, new GrainNoise(1, 1).Of(0, 8));
        Assert.Equal(grain, new GrainNoise(1, 0).Of(0, 8));
    }
}
