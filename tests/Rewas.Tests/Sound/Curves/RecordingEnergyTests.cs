using Rewas.Clip;
using Rewas.Sound.Curves;
using static Rewas.Tests.Sound.Sounds;

namespace Rewas.Tests.Sound.Curves;

public class RecordingEnergyTests
{
    /// <summary>Nothing is known of what follows a recording, so a steady sound stays steady to its end, wherever its windows end.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(5.12)]
    [InlineData(5.15)]
    [InlineData(11)]
    public void A_steady_sound_is_steady_to_its_end(double seconds)
    {
        var curve = RecordingEnergy.Of(Noise((int)(seconds * ClipTiming.SampleRate), 0.3), new()).Values.ToArray();
        Assert.Equal((int)Math.Ceiling(seconds * 100), curve.Length);
        Assert.InRange(curve.Max() - curve.Min(), 0, 0.3);
    }

    [Fact]
    public void A_recording_that_ends_in_silence_falls_to_it()
    {
        var samples = Noise(5 * ClipTiming.SampleRate, 0.3);
        samples.AsSpan(4 * ClipTiming.SampleRate).Clear();
        var curve = RecordingEnergy.Of(samples, new()).Values.ToArray();
        Assert.Equal(EnergyScale.Silence, curve[^1], 0.1);
        Assert.InRange(curve[380], -6, 0);
    }
}
