using System.Globalization;

namespace Rewas.Video;

/// <summary>
/// SMPTE timecode: a count of frames since midnight, shown as hours, minutes, seconds and frames. Drop-frame timecode leaves out the first
/// numbers of each minute except every tenth, so that 29.97 frames a second keep up with the clock. No frame is lost.
/// </summary>
/// <param name="Frame">Frames since midnight.</param>
public readonly record struct Timecode(long Frame, FrameRate Rate, bool IsDropFrame = false)
{
    const int MinutesOfDay = 24 * 60;

    /// <summary>Time of the frame since midnight, in samples, to the nearest.</summary>
    public long SampleAt(int sampleRate) => Rate.SampleAt(Frame, sampleRate);

    /// <summary>The timecode so many frames later. It begins again at midnight.</summary>
    public Timecode Plus(long frames) => this with { Frame = Modulo(Frame + frames, FramesOfDay(Rate, IsDropFrame)) };

    /// <summary>Reads "01:00:00:00", or with ";" or "." before the frames "01:00:00;00" for drop frame.</summary>
    /// <param name="rate">Rate of the picture. Only 30000/1001 and 60000/1001 drop frames; for other rates the mark means nothing.</param>
    /// <returns>Null if it is no timecode of that rate.</returns>
    public static Timecode? Parse(string? text, FrameRate rate)
    {
        if (text is not { Length: >= 8 and <= 12 })
            return null;
        var parts = text.Split(':', ';', '.', ',');
        if (parts.Length != 4 || parts.Any(part => part.Length is 0 or > 3 || !part.All(char.IsAsciiDigit)))
            return null;
        int[] numbers = [.. parts.Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return Of(numbers[0], numbers[1], numbers[2], numbers[3], rate, text.AsSpan().ContainsAny(';', '.', ',') && rate.MayDrop);
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var (dropped, nominal) = (Dropped(Rate, IsDropFrame), Rate.Nominal);
        var number = Modulo(Frame, FramesOfDay(Rate, IsDropFrame));
        if (dropped > 0)
        {
            var (tens, rest) = Math.DivRem(number, FramesOfTenMinutes(nominal, dropped));
            var minutes = rest < nominal * 60 ? 0 : 1 + (rest - nominal * 60) / (nominal * 60 - dropped);
            number += dropped * (9 * tens + minutes);
        }
        var (seconds, frames) = Math.DivRem(number, nominal);
        var separator = IsDropFrame ? ';' : ':';
        return string.Create(
            CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}{separator}{frames:00}");
    }

    static Timecode? Of(int hours, int minutes, int seconds, int frames, FrameRate rate, bool drop)
    {
        var (dropped, nominal) = (Dropped(rate, drop), rate.Nominal);
        // A number that is left out names no frame.
        if (hours > 23 || minutes > 59 || seconds > 59 || frames >= nominal || (seconds == 0 && frames < dropped && minutes % 10 != 0))
            return null;
        var minute = hours * 60L + minutes;
        return new((minute * 60 + seconds) * nominal + frames - dropped * (minute - minute / 10), rate, drop);
    }

    /// <summary>Numbers that are left out of a minute: 2 at 29.97, 4 at 59.94.</summary>
    static int Dropped(FrameRate rate, bool drop) => drop && rate.MayDrop ? rate.Nominal / 15 : 0;

    static long FramesOfTenMinutes(int nominal, int dropped) => nominal * 600L - 9 * dropped;

    static long FramesOfDay(FrameRate rate, bool drop) =>
        MinutesOfDay / 10 * FramesOfTenMinutes(rate.Nominal, Dropped(rate, drop));

    static long Modulo(long value, long divisor) => (value % divisor + divisor) % divisor;
}
