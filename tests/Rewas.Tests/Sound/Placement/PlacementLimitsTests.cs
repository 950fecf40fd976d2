using Rewas.Clip.Faults;
using Rewas.Sound.Placement;

namespace Rewas.Tests.Sound.Placement;

public class PlacementLimitsTests
{
    [Fact]
    public void What_cannot_be_placed_is_said_in_one_line()
    {
        Recording[] takes = [MadeSounds.Noise(1, 1)];
        Assert.Equal("curve: must have at least 1 value, but has none", Fault(() => SoundPlacement.Place(takes, [])));
        Assert.Equal(
            "curve: every value must be a finite number, but one is not", Fault(() => SoundPlacement.Place(takes, [0, float.NaN])));
        Assert.Equal("recordings: must be 1 to 500, but are 0", Fault(() => SoundPlacement.Place([], [0])));
        Assert.Equal("a.wav: must be from 8000 to 192000, but is 384000", Fault(() => new Recording("a.wav", 384_000, [1])));
        Assert.Equal(
            "a.wav: must have 1 to 8 channels, but has 9",
            Fault(() => new Recording("a.wav", 48_000, [.. Enumerable.Repeat(new float[1], 9)])));
        Assert.Equal(
            "a.wav: must have samples, and the same number in each channel, but has not",
            Fault(() => new Recording("a.wav", 48_000, [1], [1, 2])));
        Assert.Equal(
            "a.wav: every sample must be a finite number, but one is not",
            Fault(() => new Recording("a.wav", 48_000, [1, float.PositiveInfinity])));
        Assert.Equal(
            "GainVariation: must be from 0 to 6, but is 7; MostGain: must be from 0 to 6, but is NaN",
            Fault(() => SoundPlacement.Place(takes, [0], new() { GainVariation = 7, MostGain = float.NaN })));

        static string Fault(Func<object> action) => Assert.Throws<InputFault>(action).Message;
    }
}
