namespace Rewas.Sound;

/// <summary>Mono sound in memory.</summary>
/// <param name="Samples">[T] f32, full scale 1.</param>
public sealed record Waveform(float[] Samples, int SampleRate)
{
    /// <summary>Resamples the sound.</summary>
    public Waveform At(int sampleRate) =>
        sampleRate == SampleRate ? this : new(new Resampler(SampleRate, sampleRate).Resample(Samples), sampleRate);
}
