using Rewas.Clip.Faults;
using Rewas.Library.Limits;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Library.Recordings;

/// <summary>Reads the header of a recording. WAV, FLAC and simple Ogg files are read here, all others by ffprobe.</summary>
public static class HeaderReader
{
    /// <summary>Field of faults. The message follows it.</summary>
    public const string Field = "recording";

    /// <summary>Every codec needs more bytes per second, even for silence. With fewer, the header is wrong.</summary>
    const double LeastBytesPerSecond = 20;

    /// <summary>Sample rates that are resampled here. Other rates need tables of many megabytes, so ffmpeg resamples them.</summary>
    public static readonly int[] UsualRates =
        [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

    /// <summary>A recording's own rate if it is usual, otherwise the next usual one.</summary>
    public static int UsualRateFor(int sampleRate) => UsualRates.FirstOrDefault(usual => usual >= sampleRate, UsualRates[^1]);

    /// <summary>First bytes of playlists, which name other files whatever their extension is.</summary>
    static readonly byte[][] Playlists =
        ["#EXTM3U"u8.ToArray(), "[playlist]"u8.ToArray(), "ffconcat"u8.ToArray(), "<asx"u8.ToArray(), "<?wpl"u8.ToArray()];

    /// <param name="file">Seekable.</param>
    /// <param name="path">Path of the same file.</param>
    /// <exception cref="InputFault">The file is not a recording, or exceeds a limit. Precondition: ffmpeg is needed and not
    /// installed.</exception>
    public static async Task<RecordingHeader> ReadAsync(Stream file, string path, LibraryLimits limits, CancellationToken cancellation)
    {
        if (file.Length == 0)
            throw InputFault.Invalid(Field, "is empty");
        if (file.Length > limits.MaxBytes)
            throw InputFault.Exhausted(Field, $"at most {limits.MaxBytes} bytes are accepted, but it has {file.Length}");
        var start = new byte[12];
        file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var header = await ReadAsync(file, start, path, limits, cancellation);
        ThrowUnlessWithin(header, file.Length, limits);
        return header;
    }

    static async Task<RecordingHeader> ReadAsync(Stream file, byte[] start, string path, LibraryLimits limits,
        CancellationToken cancellation)
    {
        if (IsWave(start) && WavTags.Read(file) is { IsPlain: true } tags)
            return await WavAsync(file, tags.Texts, limits, cancellation);
        if (start.AsSpan().StartsWith("fLaC"u8))
            return FlacHeader.Read(file, Field);
        if (start.AsSpan().StartsWith("OggS"u8) && OggHeader.Read(file) is { } ogg)
            return ogg;
        if (Playlists.Any(sign => start.AsSpan().StartsWith(sign.AsSpan(0, Math.Min(sign.Length, start.Length)))))
            throw InputFault.Invalid(Field, "is a playlist, no recording: it names other files");
        var facts = await RecordingProbe.ReadAsync(path, cancellation);
        return facts.HasPicture
            ? throw InputFault.Invalid(Field, "is a video, no recording")
            : new(SampleSource.Decoded, facts.SampleRate, facts.Channels, facts.Seconds, TagNames.Texts(facts.Tags));
    }

    static async Task<RecordingHeader> WavAsync(Stream file, IReadOnlyList<string> tags, LibraryLimits limits,
        CancellationToken cancellation)
    {
        file.Position = 0;
        var wav = await WavReader.OpenAsync(file, ForWav(limits), Field, cancellation);
        var there = (file.Length - file.Position) / wav.FrameBytes;
        if (wav.SampleCount is { } promised && promised > there)
            throw InputFault.Invalid(Field, $"truncated: the header promises {promised} samples, but there are {there}");
        var source = UsualRates.Contains(wav.SampleRate) ? SampleSource.Wav : SampleSource.Decoded;
        return new(source, wav.SampleRate, wav.Channels, (double)(wav.SampleCount ?? there) / wav.SampleRate, tags);
    }

    internal static WavLimits ForWav(LibraryLimits limits) => new()
    {
        MaxDuration = limits.MaxDuration,
        MaxBytes = limits.MaxBytes,
        MaxChannels = limits.MaxChannels,
        MinSampleRate = limits.MinSampleRate,
        MaxSampleRate = limits.MaxSampleRate,
    };

    static void ThrowUnlessWithin(RecordingHeader header, long bytes, LibraryLimits limits)
    {
        if (header.SampleRate < limits.MinSampleRate || header.SampleRate > limits.MaxSampleRate)
            throw InputFault.Invalid(Field,
                $"the sample rate must be from {limits.MinSampleRate} to {limits.MaxSampleRate} Hz, but is {header.SampleRate}");
        if (header.Channels < 1)
            throw InputFault.Invalid(Field, $"must have at least 1 channel, but has {header.Channels}");
        if (header.Channels > limits.MaxChannels)
            throw InputFault.Exhausted(Field, $"at most {limits.MaxChannels} channels are accepted, but it has {header.Channels}");
        if (header.Seconds is not { } seconds)
            return;
        if (seconds > limits.MaxDuration.TotalSeconds)
            throw InputFault.Exhausted(Field,
                FormattableString.Invariant(
                $"at most {limits.MaxDuration.TotalSeconds} s of sound are accepted, but it lasts {seconds:0.#} s"));
        if (bytes < seconds * LeastBytesPerSecond)
            throw InputFault.Invalid(Field,
                FormattableString.Invariant($"its header promises {seconds:0.#} s of sound, but {bytes} bytes cannot hold them"));
    }

    static bool IsWave(ReadOnlySpan<byte> start) =>
        start.Length == 12 && (start.StartsWith("RIFF"u8) || start.StartsWith("RF64"u8)) && start[8..].SequenceEqual("WAVE"u8);
}
