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

    /// <summary>Of each packet: which stream's it is, and what <see cref="PacketTimes"/> reads.</summary>
    static string[] Question => ["-of", "csv=p=0", "-show_entries", "packet=codec_type,pts_time,dts_time,duration_time,flags"];

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
        var (pictures, sounds, picture, sound) = (0L, 0L, new PacketTimes(), new PacketTimes());
        try
        {
            await using var process = MediaProcess.Start(
                Ffmpeg.Locate().ProberPath, [.. Ffmpeg.CommonToProber, .. Ffmpeg.FilesOnly, .. Question, "-i", Ffmpeg.Argument(path)], ReadLimit, cancellation);
            process.Input.Close();
            using var lines = new StreamReader(process.Output);
            while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
            {
                if (line.StartsWith("video,", StringComparison.Ordinal))
                {
                    pictures++;
                    picture.Add(line["video,".Length..]);
                }
                else if (line.StartsWith("audio,", StringComparison.Ordinal))
                {
                    sounds++;
                    sound.Add(line["audio,".Length..]);
                }
            }
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Environment("output", $"was not written whole: what was written cannot be read back ({failure.LastLine})", failure);
        }
        var frame = expected.Pictures > 0 ? expected.PictureLasts / expected.Pictures : TimeSpan.Zero;
        if (pictures < expected.Pictures)
            throw InputFault.Environment("output", $"was not written whole: of {expected.Pictures} pictures {pictures} can be read back");
        ThrowIfShort("picture", picture.Duration, expected.PictureLasts - frame);
        if (expected.SoundLasts > TimeSpan.Zero && sounds == 0)
            throw InputFault.Environment("output", "was not written whole: no sound can be read back");
        ThrowIfShort("sound", sound.Duration, expected.SoundLasts);
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

    static string? Mentions(string said, string[] signs) => said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .FirstOrDefault(line => signs.Any(sign => line.Contains(sign, StringComparison.OrdinalIgnoreCase)));
}
