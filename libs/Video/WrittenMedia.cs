using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>
/// Verifies the files that ffmpeg wrote before they replace anything. On a full disk or a failed last write, ffmpeg still exits
/// successfully. It only reports the failure on standard error, and the file lacks its index or its end.
/// </summary>
static class WrittenMedia
{
    /// <summary>Tolerated shortfall by rounding: encoders work in frames, containers in ticks.</summary>
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(0.25);

    static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(2);

    static readonly string[] SignsOfNoSpace = ["no space left", "disk quota exceeded"];

    static readonly string[] SignsOfFailedWriting =
    [
        "error writing", "error closing", "error muxing", "error submitting", "error while closing",
        "av_interleaved_write_frame", "file too large", "input/output error", "failed to write",
        "unable to re-open",
    ];

    /// <summary>Queried fields of each packet, in this order.</summary>
    static string[] Question => ["-of", "csv=p=0", "-show_entries", "packet=codec_type,stream_index,pts_time,dts_time,duration_time"];

    /// <param name="Pictures">Least number of picture packets; 0 for a sound file.</param>
    /// <param name="PictureLasts">Least duration of the picture.</param>
    /// <param name="SoundLasts">Least duration of the sound; zero if unknown.</param>
    public sealed record Expected(long Pictures, TimeSpan PictureLasts, TimeSpan SoundLasts);

    /// <param name="path">The written file, under its temporary name.</param>
    /// <param name="said">ffmpeg's standard error.</param>
    /// <exception cref="InputFault">Environment: the file is incomplete.</exception>
    public static async Task ThrowUnlessWholeAsync(string path, string said, Expected expected, CancellationToken cancellation)
    {
        if (FailedWriting(said) is { } failed)
            throw failed;
        var streams = new SortedDictionary<int, StreamSpan>();
        try
        {
            await using var process = MediaProcess.Start(
                Ffmpeg.Locate().ProberPath,
                [.. Ffmpeg.CommonToProber, .. Ffmpeg.FilesOnly, .. Question, "-i", Ffmpeg.Argument(path)], ReadLimit, cancellation);
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
            throw InputFault.Environment(
                "output", $"was not written whole: what was written cannot be read back ({failure.LastLine})", failure);
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

    /// <summary>Turns a write failure that ffmpeg reported into a fault; null if it reported none.</summary>
    public static InputFault? FailedWriting(string said) =>
        Mentions(said, SignsOfNoSpace) is not null ? InputFault.Full("output", "no space is left on the device")
        : Mentions(said, SignsOfFailedWriting) is { } line ? InputFault.Environment("output", $"was not written whole: {line}")
        : null;

    static void ThrowIfShort(string what, double seconds, TimeSpan expected)
    {
        if (seconds < (expected - Tolerance).TotalSeconds)
            throw InputFault.Environment("output", FormattableString.Invariant(
                $"was not written whole: of {expected.TotalSeconds:0.###} s of {what} {seconds:0.###} s can be read back"));
    }

    /// <summary>Number of packets of a stream, and the time from the first to the last.</summary>
    sealed class StreamSpan(string kind)
    {
        double first = double.PositiveInfinity, end = double.NegativeInfinity;

        public string Kind => kind;

        public long Packets { get; private set; }

        public double Seconds => end > first ? end - first : 0;

        /// <param name="fields">In the order of <see cref="Question"/>. A packet without a display time is shown when it is
        /// decoded.</param>
        public void Add(string[] fields)
        {
            Packets++;
            if ((Time(fields[2]) ?? Time(fields[3])) is not { } time)
                return;
            first = Math.Min(first, time);
            end = Math.Max(end, time + (Time(fields[4]) ?? 0));
        }

        static double? Time(string field) =>
            double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
    }

    static string? Mentions(string said, string[] signs) => said
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .FirstOrDefault(line => signs.Any(sign => line.Contains(sign, StringComparison.OrdinalIgnoreCase)));
}
