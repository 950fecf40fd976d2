namespace Rewas.Sound.Stereo;

/// <summary>
/// Makes a mono sound wide: left = middle + side, right = middle - side. The middle is the sound itself, so the mono sum is the sound,
/// unchanged. The side is the steady part of the sound, without attacks and bass, through the filter i A(f), where A is real and swings
/// between -1 and 1 along the frequencies. It is a quarter of a turn before or behind the middle, so left and right are equally loud at
/// each frequency, and only their phases differ.
/// </summary>
/// <remarks>
/// No part of the side's chain amplifies, so its energy is at most that of the sound, whatever the sound is. With a share w of it, the
/// correlation of left and right is at least (1 - w²) / (1 + w²). Allpass filters have the same bound, but lean tones to one side. Velvet
/// noise amplifies some frequencies and has no bound. State goes from part to part, so the result does not depend on the parts. Not
/// thread-safe.
/// </remarks>
public sealed class StereoWidth
{
    /// <summary>
    /// Share of the side's power at width 1. The correlation is then at least 0.5, that of noise 0.63. Noise on both sides is 0.9 dB louder
    /// than the sound. If the mix is brought to a loudness, its mono sum therefore loses at most 1 dB. A wider sound would lose more.
    /// </summary>
    internal const double MostPower = 0.33;

    /// <summary>Half of the triangle of <see cref="BassCut"/>: sound below 120 Hz has no direction and stays in the middle.</summary>
    const double BassSeconds = 0.0037;

    /// <summary>A swings once in 1 / (2 * this time) = 45 Hz, which is less than the ear's bands.</summary>
    const double SwingSeconds = 0.011;

    /// <summary>A is the sine with a sixth of its third harmonic, scaled to 1: its power is 0.69, that of a sine alone 0.5.</summary>
    const double Scale = 1.1547005383792515, Harmonic = 1 / 6.0;

    readonly double share;
    readonly int swing, lead;
    readonly AttackGate gate;
    readonly BassCut bassCut;
    readonly DelayLine sound, steady;

    /// <param name="sampleRate">Hz.</param>
    /// <param name="width">0 (both sides are the sound) to 1.</param>
    public StereoWidth(int sampleRate, double width)
    {
        share = Math.Sqrt(MostPower) * width;
        swing = (int)Math.Round(SwingSeconds * sampleRate);
        lead = (int)Math.Round(AttackGate.LeadSeconds * sampleRate);
        gate = new(sampleRate);
        bassCut = new((int)Math.Round(BassSeconds * sampleRate));
        DelayFrames = lead + bassCut.Delay + 3 * swing;
        sound = new(DelayFrames + 1);
        steady = new(6 * swing + 1);
    }

    /// <summary>Latency, frames: the side needs later samples too.</summary>
    public int DelayFrames { get; }

    /// <summary>Makes the next part wide. It gives the frames from <see cref="DelayFrames"/> earlier, starting with silence.</summary>
    /// <param name="mono">[n].</param>
    /// <param name="stereo">[2n]: left and right in turns.</param>
    public void Process(ReadOnlySpan<float> mono, Span<float> stereo)
    {
        for (var i = 0; i < mono.Length; i++)
        {
            sound.Add(mono[i]);
            steady.Add(bassCut.Next(gate.Next(mono[i]) * sound[lead]));
            var side = share * Scale * (Difference(swing) + Harmonic * Difference(3 * swing));
            var middle = sound[DelayFrames];
            (stereo[2 * i], stereo[2 * i + 1]) = ((float)(middle + side), (float)(middle - side));
        }
    }

    /// <summary>Half of the steady sound so much later, less half of that so much earlier: the filter i sin(2 pi f t).</summary>
    double Difference(int samples) => 0.5 * (steady[3 * swing - samples] - steady[3 * swing + samples]);
}
