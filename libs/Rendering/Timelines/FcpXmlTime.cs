using System.Globalization;
using System.Numerics;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>Times of FCPXML: a fraction of seconds, such as 1001/24000s. It is the exact place of a frame or a sample.</summary>
static class FcpXmlTime
{
    const string Field = "timeline";

    /// <summary>Longest time. More is no film.</summary>
    const long MostSeconds = 10 * 24 * 3600;

    public static string Write(TimelineTime time)
    {
        var above = (BigInteger)time.Value * time.Rate.Denominator;
        if (above.IsZero)
            return "0s";
        var divisor = BigInteger.GreatestCommonDivisor(above, time.Rate.Numerator);
        var below = time.Rate.Numerator / divisor;
        return below.IsOne ? $"{above / divisor}s" : $"{above / divisor}/{below}s";
    }

    /// <summary>Seconds that are not the place of a frame or a sample, to the nearest sample of 48 kHz.</summary>
    public static string Write(double seconds) => Write(new TimelineTime((long)Math.Round(seconds * 48_000), new(48_000, 1)));

    /// <summary>A time as a whole number of frames or samples of the first rate that it is one of; else of a rate of its own.</summary>
    /// <exception cref="InputFault">The text is no time.</exception>
    public static TimelineTime Read(string text, params ReadOnlySpan<FrameRate> rates)
    {
        var parts = text.EndsWith('s') ? text[..^1].Split('/') : [];
        if (parts.Length is not (1 or 2) || !TryParse(parts[0], out var above)
            || !TryParse(parts.Length == 2 ? parts[1] : "1", out var below) || below < 1
            || BigInteger.Abs(above) > (BigInteger)MostSeconds * below)
            throw InputFault.Invalid(Field, $"'{(text.Length <= 40 ? text : text[..40] + "...")}' is no time such as 1001/24000s");
        foreach (var rate in rates)
        {
            var (whole, rest) = (
                above * rate.Numerator / ((BigInteger)below * rate.Denominator),
                above * rate.Numerator % ((BigInteger)below * rate.Denominator));
            if (rest.IsZero)
                return new((long)whole, rate);
        }
        var divisor = BigInteger.GreatestCommonDivisor(above, below);
        var (value, perSecond) = (above / divisor, below / divisor);
        return perSecond <= int.MaxValue
            ? new((long)value, new((int)perSecond, 1))
            : throw InputFault.Invalid(Field, $"'{text}' is no frame and no sample");
    }

    /// <summary>The frames per second of the duration of one frame, such as 1001/24000s.</summary>
    /// <exception cref="InputFault">The text is no time, or no duration of a frame.</exception>
    public static FrameRate ReadRate(string text)
    {
        var frame = Read(text);
        return frame.Value > 0 && frame.Value <= int.MaxValue
            && FrameRate.Parse($"{frame.Rate.Numerator}/{frame.Value}") is { } rate
            ? rate
            : throw InputFault.Invalid(Field, $"'{text}' is no duration of a frame");
    }

    static bool TryParse(string text, out BigInteger number)
    {
        number = default;
        return text.Length <= 30 && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
