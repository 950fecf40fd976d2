using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Video;

/// <summary>A file of raw samples: float32, little-endian, channels interleaved, full scale 1.</summary>
/// <param name="Channels">1 or 2 in a mix. A file of several layers has more.</param>
public sealed record RawSound(string Path, int SampleRate, int Channels)
{
    /// <summary>True if every sample is a whole step of 24 bits, so that a WAV file needs no floats.</summary>
    public bool Is24Bit { get; init; }

    /// <summary>Computed from the file's length.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)new FileInfo(Path).Length / sizeof(float) / Channels / SampleRate);

    internal string[] Input =>
        ["-f", "f32le", "-ar", $"{SampleRate}", "-ac", $"{Channels}", .. Ffmpeg.FilesOnly, "-i", Ffmpeg.Argument(Path)];
}

/// <summary>Mixes sounds, optionally with the video's own sound, at one rate and exactly as long as the picture.</summary>
public static class SoundMix
{
    /// <summary>Rate of a finished sound, and the highest rate of any sound, Hz.</summary>
    public const int UsualRate = 48_000, HighestRate = 192_000;

    const int PartFrames = 16_384;
    static readonly TimeSpan PartLimit = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Ducking: where the new sound exceeds -36 dB, the old one is lowered by 5/6 of the excess, within 20 ms, and recovers in 400 ms.
    /// </summary>
    const string Ducking = "sidechaincompress=threshold=0.016:ratio=6:attack=20:release=400";

    /// <summary>
    /// ffmpeg's own default lets images of high notes through at -44 dB. With these, from 16 kHz and from 48 kHz, images lie below -125 dB
    /// and the passband is flat to 0.94 of the lower Nyquist frequency.
    /// </summary>
    const string Resampling = "filter_size=256:cutoff=0.97:kaiser_beta=12:exact_rational=1";

    /// <summary>Number of samples that last exactly as long as a picture.</summary>
    public static long FramesFor(TimeSpan duration, int sampleRate) =>
        (long)Math.Round(duration.Ticks * (double)sampleRate / TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero);

    /// <summary>The mix, part by part: interleaved samples, exactly <see cref="FramesFor"/> frames.</summary>
    /// <param name="layers">New sounds, each with its gain in dB; at least one.</param>
    /// <param name="video">The file that the facts describe. Read only if its own sound is used.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <param name="original">What happens to the video's own sound. A video without sound counts as silent.</param>
    /// <param name="sampleRate">Rate of the mix.</param>
    /// <param name="channels">Channels of the mix, 1 or 2. A mono sound is the same in both.</param>
    /// <exception cref="InputFault">Invalid: the video's own sound cannot be decoded. Precondition: ffmpeg is not installed.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<float>> ReadAsync(
        IReadOnlyList<(RawSound Sound, double Decibels)> layers,
        string video,
        VideoFacts facts,
        OriginalSoundChoice original,
        int sampleRate,
        int channels,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var frames = FramesFor(facts.Duration, sampleRate);
        var withOriginal = original != OriginalSoundChoice.Replace && facts.HasAudio;
        string[] arguments =
        [
            .. Ffmpeg.Common, "-copyts",
            .. layers.SelectMany(layer => layer.Sound.Input),
            .. withOriginal ? (string[])[.. Ffmpeg.UntrustedVideo(facts), "-i", Ffmpeg.Argument(video)] : [],
            "-filter_complex", Graph(layers, facts, withOriginal ? original : OriginalSoundChoice.Replace, sampleRate, channels, frames),
            "-map", "[mix]", "-f", "f32le", "-ar", $"{sampleRate}", "-ac", $"{channels}", "pipe:1",
        ];
        await using var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, PartLimit, cancellation);
        process.Input.Close();
        var part = new byte[PartFrames * channels * sizeof(float)];
        long read = 0;
        while (await process.Output.ReadAtLeastAsync(
            part, part.Length, throwOnEndOfStream: false, CancellationToken.None) is > 0 and var bytes)
        {
            process.ThrowIfKilled();
            process.SuspendLimit();
            read += bytes / sizeof(float) / channels;
            yield return MemoryMarshal.Cast<byte, float>(part.AsSpan(0, bytes)).ToArray();
            process.LimitFromNow(PartLimit);
        }
        try
        {
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Invalid("video", $"its sound cannot be mixed: {failure.LastLine}", failure);
        }
        if (read != frames)
            throw new InvalidOperationException($"the mix must have {frames} samples, but has {read}");
    }

    static string Graph(
        IReadOnlyList<(RawSound Sound, double Decibels)> layers, VideoFacts facts, OriginalSoundChoice original, int sampleRate,
        int channels, long frames)
    {
        // Aligns the first sample exactly. By default ffmpeg ignores differences below a millisecond.
        var layout = channels == 2 ? "stereo" : "mono";
        var form = $"aresample={sampleRate}:async=1:min_comp=0.000001:first_pts=0:{Resampling}," +
            $"aformat=sample_fmts=flt:sample_rates={sampleRate}:channel_layouts={layout}";
        var length = $"apad=whole_len={frames},atrim=end_sample={frames}";
        const string Both = "pan=stereo|c0=c0|c1=c0,";                       // ffmpeg's own conversion to stereo loses 3 dB
        var chains = layers
            .Select((layer, i) => FormattableString.Invariant(
                $"[{i}:a]volume={layer.Decibels:F4}dB,{(channels == 2 && layer.Sound.Channels == 1 ? Both : "")}{form},{length}[layer{i}]"))
            .ToList();
        chains.Add($"{string.Concat(layers.Select((_, i) => $"[layer{i}]"))}amix=inputs={layers.Count}:normalize=0[new]");
        if (original == OriginalSoundChoice.Replace)
            return string.Join(';', chains).Replace("[new]", "[mix]", StringComparison.Ordinal);

        chains.Add(FormattableString.Invariant(
            $"[{layers.Count}:a:0]asetpts=round(PTS-({facts.Start.TotalSeconds:F7})/TB),{form},{length}[old]"));
        chains.Add(original == OriginalSoundChoice.Keep
            ? "[new][old]amix=inputs=2:normalize=0[mix]"
            : $"[new]asplit=2[heard][key];[old][key]{Ducking}[ducked];[heard][ducked]amix=inputs=2:normalize=0[mix]");
        return string.Join(';', chains);
    }
}
