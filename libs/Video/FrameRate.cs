using System.Globalization;

namespace Rewas.Video;

/// <summary>Frames per second as a fraction in lowest terms, such as 24000/1001.</summary>
public readonly record struct FrameRate
{
    /// <summary>Highest rate; a picture may have at most as many frames a second.</summary>
    const int MostPerSecond = 1000;

    public FrameRate(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numerator, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(denominator, 1);
        var divisor = Divisor(numerator, denominator);
        (Numerator, Denominator) = (numerator / divisor, denominator / divisor);
    }

    public int Numerator { get; }

    public int Denominator { get; }

    /// <summary>Frames that a second of timecode counts: 24 for 24000/1001.</summary>
    public int Nominal => (int)Math.Round((double)Numerator / Denominator, MidpointRounding.AwayFromZero);

    public double PerSecond => (double)Numerator / Denominator;

    /// <summary>Whether timecode of this rate may drop numbers to keep up with the clock: 30000/1001 and 60000/1001.</summary>
    public bool MayDrop => Denominator == 1001 && Numerator is 30_000 or 60_000;

    /// <summary>Start of a frame in samples, to the nearest.</summary>
    public long SampleAt(long frame, int sampleRate) => Divided((Int128)frame * Denominator * sampleRate, Numerator);

    /// <summary>Time of the start of a frame, to the nearest tick.</summary>
    public TimeSpan TimeAt(long frame) => new(Divided((Int128)frame * Denominator * TimeSpan.TicksPerSecond, Numerator));

    /// <summary>The frame that begins nearest to a time.</summary>
    public long FrameAt(TimeSpan time) => Divided((Int128)time.Ticks * Numerator, (Int128)Denominator * TimeSpan.TicksPerSecond);

    /// <summary>The lowest rate of which each frame of both rates is a whole number; null if it is too high.</summary>
    public static FrameRate? Common(FrameRate one, FrameRate other)
    {
        var numerator = (long)one.Numerator / Divisor(one.Numerator, other.Numerator) * other.Numerator;
        return numerator <= int.MaxValue ? new((int)numerator, Divisor(one.Denominator, other.Denominator)) : null;
    }

    /// <summary>Reads a fraction as ffprobe writes it: "30000/1001". Null if it is none, or absurd.</summary>
    public static FrameRate? Parse(string? text) =>
        text?.Split('/') is [var above, var below]
        && int.TryParse(above, NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
        && int.TryParse(below, NumberStyles.None, CultureInfo.InvariantCulture, out var denominator)
        && numerator > 0 && denominator > 0 && (double)numerator / denominator is >= 1.0 / 3600 and <= MostPerSecond
            ? new(numerator, denominator)
            : null;

    /// <summary>The fraction of a decimal number. The rates of television, such as 23.976 and 29.97, are those over 1001.</summary>
    public static FrameRate OfDecimal(double perSecond)
    {
        var whole = (int)Math.Round(perSecond);
        const double Near = 0.005;
        if (Math.Abs(perSecond - whole) < 1e-6 * perSecond)
            return new(whole, 1);
        return whole > 0 && Math.Abs(perSecond - whole * 1000 / 1001.0) < Near
            ? new(whole * 1000, 1001)
            : new(Math.Max(1, (int)Math.Round(perSecond * 1000)), 1000);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    static int Divisor(int one, int other) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(one, other);

    /// <summary>A quotient, to the nearest whole number.</summary>
    static long Divided(Int128 above, Int128 below) => (long)((2 * above + (above < 0 ? -below : below)) / (2 * below));
}
