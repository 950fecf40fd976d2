using System.Globalization;
using Rewas.Faults;

namespace Rewas.Video;

/// <summary>
/// Reads back what ffmpeg wrote, before it takes the place of anything. ffmpeg ends well although the disk was full, or although the last part could not be written:
/// it only says so on standard error, and the file lacks its index or its end.
/// </summary>
static class WrittenMedia
{
    /// <summary>Shorter by less than this is a matter of rounding: encoders work in frames, containers in ticks.</summary>
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(0.25);

    static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(2);

    static readonly string[] SignsOfNoSpace = ["no space left", "disk quota exceeded"];

    static readonly string[] SignsOfFailedWriting =
    [
        "error writing", "error closing", "error muxing", "error submitting", "error while closing", "av_interleaved_write_frame", "file too large", "input/output error", "failed to write",
        "unable to re-open",
    ];

    /// <summary>Of each packet, in this order.</summary>
    static string[] Question => ["-of", "csv=p=0", "-show_entries", "packet=codec_type,stream_index,pts_time,dts_time,duration_time"];

    /// <param name="Pictures">Packets of the picture at least; 0 for sound alone.</param>
    /// <param name="PictureLasts">As long as the picture lasts at least.</param>
    /// <param name="SoundLasts">As long as the sound lasts at least; zero where that is not known.</param>
    public sealed record Expected(long Pictures, TimeSpan PictureLasts, TimeSpan SoundLasts);

    /// <param name="path">What was written, under the name it has until it is complete.</param>
    /// <param name="said">What ffmpeg said on standard error.</param>
    /// <param name="expected">What must be in it.</param>
    /// <param name="cancellation">Kills ffprobe.</param>
    /// <exception cref="InputFault">Environment: it was not written whole.</exception>
    public static async Task ThrowUnlessWholeAsync(string path, string said, Expected expected, CancellationToken cancellation)
    {
        if (FailedWriting(said) is { } failed)
            throw failed;
        var streams = new SortedDictionary<int, StreamSpan>();
        try
        {
            await using var process = MediaProcess.Start(
                Ffmpeg.Locate().ProberPath, [.. Ffmpeg.CommonToProber, .. Ffmpeg.FilesOnly, .. Question, "-i", Ffmpeg.Argument(path)], ReadLimit, cancellation);
            process.Input.Close();
            using var lines = new StreamReader(process.Output);
            while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
            {
                var fields = line.Split(',');
                if (fields.Length < 5 || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var stream))
                    continue;
                streams.TryAdd(stream, new(fields[0]));
                streams[stream].Add(fields);
            }
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Environment("output", $"was not written whole: what was written cannot be read back ({failure.LastLine})", failure);
        }
        var picture = streams.Values.FirstOrDefault(stream => stream.Kind == "video");
        var sound = streams.Values.FirstOrDefault(stream => stream.Kind == "audio");
        var pictures = picture?.Packets ?? 0;
        var frame = expected.Pictures > 0 ? expected.PictureLasts / expected.Pictures : TimeSpan.Zero;
        if (pictures < expected.Pictures)
            throw InputFault.Environment("output", $"was not written whole: of {expected.Pictures} pictures {pictures} can be read back");
        ThrowIfShort("picture", picture?.Seconds ?? 0, expected.PictureLasts - frame);
        if (expected.SoundLasts > TimeSpan.Zero && sound is null)
            throw InputFault.Environment("output", "was not written whole: no sound can be read back");
        ThrowIfShort("sound", sound?.Seconds ?? 0, expected.SoundLasts);
    }

    /// <summary>What ffmpeg said of a failure to write, as a fault; null where it said nothing of the kind.</summary>
    public static InputFault? FailedWriting(string said) =>
        Mentions(said, SignsOfNoSpace) is not null ? InputFault.Environment("output", "no space is left on the device")
        : Mentions(said, SignsOfFailedWriting) is { } line ? InputFault.Environment("output", $"was not written whole: {line}")
        : null;

    static void ThrowIfShort(string what, double seconds, TimeSpan expected)
    {
        if (seconds < (expected - Tolerance).TotalSeconds)
            throw InputFault.Environment("output", FormattableString.Invariant($"was not written whole: of {expected.TotalSeconds:0.###} s of {what} {seconds:0.###} s can be read back"));
    }

    /// <summary>The packets of a stream, and what time they take from the first to the last.</summary>
    sealed class StreamSpan(string kind)
    {
        double first = double.PositiveInfinity, end = double.NegativeInfinity;

        public string Kind => kind;

        public long Packets { get; private set; }

        public double Seconds => end > first ? end - first : 0;

        /// <param name="fields">As <see cref="Question"/> asks for them; a packet without a time of its own is shown when it is decoded.</param>
        public void Add(string[] fields)
        {
            Packets++;
            if ((Time(fields[2]) ?? Time(fields[3])) is not { } time)
                return;
            first = Math.Min(first, time);
            end = Math.Max(end, time + (Time(fields[4]) ?? 0));
        }

        static double? Time(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
    }

    static string? Mentions(string said, string[] signs) => said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .FirstOrDefault(line => signs.Any(sign => line.Contains(sign, StringComparison.OrdinalIgnoreCase)));
}
