using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Library.Limits;
using Rewas.Library.Recordings;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.Sound.Wav;

namespace Rewas.Library.Measuring;

/// <summary>Measures the beginning of a recording from a WAV file: the recording itself, or ffmpeg's output.</summary>
static class SoundMeasures
{
    const int PartFrames = 4096;
    const int SilenceBefore = ClipTiming.SampleRate / 10;                    // samples: 100 ms

    static readonly ConcurrentDictionary<int, Resampler> Resamplers = new(); // by source rate; the usual rates bound their number

    /// <param name="file">A WAV file at one of the usual rates, at its start.</param>
    /// <param name="limits">Sets how much is read.</param>
    /// <exception cref="InputFault">The file is damaged, or a sample is NaN or far beyond full scale.</exception>
    public static async Task<MeasuredSound> ReadAsync(Stream file, LibraryLimits limits, CancellationToken cancellation)
    {
        var wav = await WavReader.OpenAsync(file, HeaderReader.ForWav(limits), HeaderReader.Field, cancellation);
        var most = (long)(limits.Measured.TotalSeconds * wav.SampleRate);
        var meter = new LoudnessMeter(wav.SampleRate, wav.Channels == 2 ? 2 : 1);
        var mono = new List<float>();
        var part = new float[PartFrames * wav.Channels];
        int frames;
        do
        {
            frames = await wav.ReadFramesAsync(part.AsMemory(0, (int)Math.Min(PartFrames, most - mono.Count) * wav.Channels), cancellation);
            Add(part.AsSpan(0, frames * wav.Channels), wav.Channels, limits.MaxSample, meter, mono);
        }
        while (frames > 0 && mono.Count < most);
        if (mono.Count == 0)
            throw InputFault.Invalid(HeaderReader.Field, "has no samples");
        // Integers are always finite. All floats of the file are checked, including those that are not measured.
        while (wav.IsFloat && frames > 0)
            frames = await wav.ReadFramesAsync(part, cancellation);
        return Measure([.. mono], wav.SampleRate, reachedEnd: mono.Count < most, meter);
    }

    static void Add(ReadOnlySpan<float> samples, int channels, float most, LoudnessMeter meter, List<float> mono)
    {
        if (samples.IsEmpty)
            return;
        if (MathF.Abs(TensorPrimitives.MaxMagnitude(samples)) is var peak && peak > most)
            throw InputFault.Invalid(HeaderReader.Field,
                FormattableString.Invariant($"a sample is {peak:g3}, but at most {most} is accepted (full scale is 1)"));
        var first = mono.Count;
        for (var i = 0; i < samples.Length; i += channels)
            mono.Add(TensorPrimitives.Sum(samples.Slice(i, channels)) / channels);
        if (channels <= 2)
            meter.Add(samples);
        else
            meter.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(mono)[first..]);
    }

    static MeasuredSound Measure(float[] mono, int rate, bool reachedEnd, LoudnessMeter meter)
    {
        var seconds = (double)mono.Length / rate;
        var loudness = meter.Integrated();
        var wave = rate == ClipTiming.SampleRate ? mono
            : Resamplers.GetOrAdd(rate, source => new(source, ClipTiming.SampleRate)).Resample(mono);
        Loudness.NormaliseForTraining(wave);
        var padded = wave.Length >= ShortestWave ? wave : [.. wave, .. new float[ShortestWave - wave.Length]];
        var logMel = MelSpectrogram.LogMel(padded);
        var frames = Math.Max(1, (wave.Length + ClipTiming.HopSamples - 1) / ClipTiming.HopSamples);
        var energy = Energy.OfLogMel(logMel).AsSpan();
        var course = EnergyCourse.OfRecording(energy[..Math.Min(frames, energy.Length)]);
        var silent = double.IsNegativeInfinity(loudness);
        // Silence is put before the recording, so that a hit at its very start is an onset.
        var onsets = silent ? 0 : OnsetDetection.Find([.. new float[SilenceBefore], .. padded]).Count / seconds;
        return new(seconds, reachedEnd, silent ? null : loudness, onsets, course, silent ? default : wave.AsMemory());
    }

    /// <summary>Shortest length for the mel. Shorter sounds are padded with silence.</summary>
    static int ShortestWave => Math.Max(MelSpectrogram.LeastSamples, 1024);
}
