using Rewas.Sound.Levels;
using Rewas.Sound.Wav;

namespace Rewas.Rendering.Finishing;

/// <summary>Levels of a sound.</summary>
/// <param name="Loudness">Programme loudness after ITU-R BS.1770-4, LUFS; null for silence.</param>
/// <param name="TruePeak">dBTP; null for silence.</param>
public sealed record FileLevels(double? Loudness, double? TruePeak)
{
    const int PartFrames = 16_384;

    /// <summary>Measures a WAV file that this program has written.</summary>
    public static async Task<FileLevels> OfAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var wave = await WavReader.OpenAsync(
            file, new() { MaxBytes = long.MaxValue, MaxDuration = TimeSpan.FromDays(1) }, "sound", cancellation);
        var loudness = new LoudnessMeter(wave.SampleRate, wave.Channels);
        var peaks = Enumerable.Range(0, wave.Channels).Select(_ => new TruePeak()).ToArray();
        var part = new float[PartFrames * wave.Channels];
        float peak = 0;
        while (await wave.ReadFramesAsync(part, cancellation) is > 0 and var frames)
        {
            var samples = part.AsMemory(0, frames * wave.Channels);
            loudness.Add(samples.Span);
            Follow(samples.Span);
        }
        Follow(new float[2 * TruePeakDelay * wave.Channels]);
        return new(Finite(loudness.Integrated()), Finite(20 * Math.Log10(peak)));

        void Follow(ReadOnlySpan<float> samples)
        {
            for (var i = 0; i < samples.Length; i++)
                peak = MathF.Max(peak, peaks[i % peaks.Length].Next(samples[i]));
        }
    }

    /// <summary>Silence at the end brings the last peaks out of the filter.</summary>
    const int TruePeakDelay = Rewas.Sound.Levels.TruePeak.Delay;

    static double? Finite(double decibels) => double.IsFinite(decibels) ? decibels : null;
}
