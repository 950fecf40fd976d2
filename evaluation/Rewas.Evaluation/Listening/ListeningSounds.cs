using System.Buffers.Binary;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Evaluation.Listening;

/// <summary>Prepares sounds for listeners: 48 kHz mono, one loudness, and the low anchor.</summary>
static class ListeningSounds
{
    public const int SampleRate = 48_000;

    /// <summary>LUFS of all sounds of a test. If a peak would clip, all sounds of that trial are as much quieter.</summary>
    public const double Loudness = -23;

    /// <summary>The anchor has nothing above 3.5 kHz (BS.1534-3).</summary>
    public const int AnchorHertz = 3500;

    /// <summary>A sound below this is not amplified: it is silence.</summary>
    const double SilenceLufs = -70;

    const float LargestPeak = 0.98f;

    static readonly WavLimits Limits = new() { MaxDuration = TimeSpan.FromHours(1), MaxBytes = long.MaxValue };

    /// <summary>The sounds of a trial as WAV files, by id.</summary>
    /// <exception cref="InputFault">A recording cannot be read, or is longer than a page can hold.</exception>
    public static async Task<Dictionary<string, byte[]>> OfAsync(ListeningTrial trial, TimeSpan longest, CancellationToken cancellation)
    {
        ListeningStimulus[] all = [.. trial.Stimuli, trial.Reference];
        var decoded = new Dictionary<string, float[]>(StringComparer.Ordinal);
        using var folder = PrivateFolder.Create("rewas-listen-");
        string[] paths = [.. all.Select(stimulus => stimulus.Path).Distinct()];
        var faults = await RecordingDecoder.DecodeAsync([.. paths.Select(path => (path, SampleRate))], folder.Path, longest, cancellation);
        for (var i = 0; i < paths.Length; i++)
        {
            if (faults[i] is { } fault)
                throw InputFault.Invalid("recording", $"'{paths[i]}': {fault.Message}", fault);
            decoded[paths[i]] = (await WavFile.ReadAsync(folder.File($"{i}.wav"), Limits, paths[i], cancellation)).At(SampleRate).Samples;
        }
        var levelled = all.DistinctBy(stimulus => stimulus.Id).ToDictionary(
            stimulus => stimulus.Id,
            stimulus => Levelled(stimulus.System == ListeningPlan.Anchor ? LowPassed(decoded[stimulus.Path]) : decoded[stimulus.Path]));
        var peak = levelled.Values.Max(samples => samples.Max(MathF.Abs));
        var gain = peak > LargestPeak ? LargestPeak / peak : 1;
        return levelled.ToDictionary(sound => sound.Key, sound => Wave(sound.Value, gain));
    }

    /// <summary>Resampling to twice the limit, and back, leaves nothing above it.</summary>
    static float[] LowPassed(float[] samples)
    {
        var low = new Waveform(samples, SampleRate).At(2 * AnchorHertz).At(SampleRate).Samples;
        Array.Resize(ref low, samples.Length);
        return low;
    }

    static float[] Levelled(float[] samples)
    {
        var meter = new LoudnessMeter(SampleRate, channels: 1);
        meter.Add(samples);
        var loudness = meter.Integrated();
        if (!(loudness > SilenceLufs))
            return samples;
        var gain = (float)Math.Pow(10, (Loudness - loudness) / 20);
        return Array.ConvertAll(samples, sample => sample * gain);
    }

    /// <summary>WAV with 16 bits, which every browser reads.</summary>
    static byte[] Wave(float[] samples, float gain)
    {
        const int Header = 44;
        var bytes = new byte[Header + 2 * samples.Length];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 2 * SampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 2 * samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = MathF.Round(samples[i] * gain * short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(
                bytes.AsSpan(Header + 2 * i), (short)Math.Clamp(sample, short.MinValue, short.MaxValue));
        }
        return bytes;
    }
}
