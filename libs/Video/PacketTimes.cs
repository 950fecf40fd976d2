using System.Globalization;

namespace Rewas.Video;

/// <summary>When the frames of a picture stream begin and end, gathered from its packets in the order of the file.</summary>
sealed class PacketTimes
{
    /// <summary>What ffprobe is asked for, of each packet of the first moving picture: the same stream as <see cref="FileHeader.Picture"/>.</summary>
    public static string[] Question => ["-of", "csv=p=0", "-show_entries", "packet=pts_time,dts_time,duration_time,flags", "-select_streams", "V:0"];

    double first = double.PositiveInfinity, last = double.NegativeInfinity, lastDuration;

    public long Frames { get; private set; }

    /// <summary>Start of the first frame, seconds by the file's own clock.</summary>
    public double Start => first;

    /// <summary>Seconds from the start of the first frame to the end of the last. A last frame of unknown length counts as an average one.</summary>
    public double Duration
    {
        get
        {
            if (double.IsInfinity(first))
                return 0;
            var span = last - first;
            return span + (lastDuration > 0 || Frames == 1 ? lastDuration : span / (Frames - 1));
        }
    }

    /// <summary>One line: presentation time, decoding time, duration (seconds or N/A), flags.</summary>
    public void Add(string line)
    {
        var fields = line.Split(',');
        if (fields.Length < 4 || fields[3].Contains('D'))                    // D: decoded only for the frames after it, never shown
            return;
        Frames++;
        if ((Seconds(fields[0]) ?? Seconds(fields[1])) is not { } time)
            return;
        first = Math.Min(first, time);
        if (time >= last)
            (last, lastDuration) = (time, Seconds(fields[2]) ?? 0);
    }

    static double? Seconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) ? seconds : null;
}
