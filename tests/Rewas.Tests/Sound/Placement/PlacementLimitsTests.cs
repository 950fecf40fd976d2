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

    }

    [Fact]
    public void Pins_that_together_last_longer_than_anyone_hears_are_refused()
    {
        Recording[] takes = [MadeSounds.Noise(1, 10)];
        var pin = new PieceChoice(0, 0, long.MaxValue, 0, 100);              // a pin's end is not beyond its recording
        Assert.Equal(
            "pin: all pinned pieces together must last at most 3600 s, but last 3610 s",
            Fault(() => SoundPlacement.Place(takes, MadeSounds.Level(-4, 6000), new() { Pinned = [.. Enumerable.Repeat(pin, 361)] })));
        // Beyond the end of the sound nothing is made.
        Assert.NotEmpty(SoundPlacement.Place(takes, MadeSounds.Level(-4, 100), new() { Pinned = [.. Enumerable.Repeat(pin, 361)] }));
    }

    [Fact]
    public void A_curve_that_is_cut_to_shreds_is_refused()
    {
        var curve = MadeSounds.Level(-4, 90_000);
        for (var frame = 0; frame < curve.Length; frame += 2)
            curve[frame] = MadeSounds.Silence(1)[0];
        Assert.Equal(
            "curve: its silences cut the recordings into more than 24500 pieces",
            Fault(() => SoundPlacement.Place([MadeSounds.Noise(1, 10)], curve)));
    }

    [Fact]
    public void A_placement_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Recording[] hits = [MadeSounds.Hits(1, 16_000, 4000, 20_011)], noises = [MadeSounds.Noise(1, 10)];
        var impacts = MadeSounds.Drawn(600, [50, 200, 400]);
        Assert.Throws<OperationCanceledException>(() => new SoundPlacement(hits, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => new SoundPlacement(hits).Place(impacts, cancellation: cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => new SoundPlacement(hits).AreSeparate(impacts, cancellation: cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => new SoundPlacement(noises).Place(impacts, cancellation: cancelled.Token));
    }

    static string Fault(Func<object> action) => Assert.Throws<InputFault>(action).Message;
}
