using System.Globalization;

namespace Rewas.Video;

/// <summary>Duration of one tick of a stream's clock in seconds, as a fraction: 1/90000 in MPEG-TS.</summary>
readonly record struct TimeBase(long Numerator, long Denominator)
{
    /// <param name="text">As ffprobe writes it: "1/90000".</param>
    /// <returns>Null if it is no positive fraction.</returns>
    public static TimeBase? Parse(string? text) =>
        text?.Split('/') is [var numerator, var denominator]
        && int.TryParse(numerator, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0
        && int.TryParse(denominator, NumberStyles.None, CultureInfo.InvariantCulture, out var d) && d > 0
            ? new(n, d)
            : null;

    /// <summary>
    /// Rounds down to 100 ns, so that times at or after these ticks stay at 0 or above when this time is subtracted. Null if out of the
    /// range of <see cref="TimeSpan"/>.
    /// </summary>
    public TimeSpan? Floor(long ticks)
    {
        var (quotient, remainder) = Int128.DivRem((Int128)ticks * Numerator * TimeSpan.TicksPerSecond, Denominator);
        return InRange(remainder < 0 ? quotient - 1 : quotient);
    }

    /// <summary>Rounds to the nearest 100 ns. Null if out of the range of <see cref="TimeSpan"/>.</summary>
    public TimeSpan? Round(Int128 ticks)
    {
        if (Int128.Abs(ticks) > (Int128)ulong.MaxValue)
            return null;
        var doubled = 2 * ticks * Numerator * TimeSpan.TicksPerSecond;
        return InRange((doubled + (doubled < 0 ? -Denominator : Denominator)) / (2 * Denominator));
    }

    static TimeSpan? InRange(Int128 ticks) => ticks >= long.MinValue && ticks <= long.MaxValue ? new TimeSpan((long)ticks) : null;
}
