using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>A time as a whole number of frames or samples.</summary>
/// <param name="Rate">Frames or samples per second.</param>
public readonly record struct TimelineTime(long Value, FrameRate Rate)
{
    public double Seconds => Value / Rate.PerSecond;

    public static TimelineTime OfSamples(long samples, int sampleRate) => new(samples, new(sampleRate, 1));

    /// <summary>The nearest time of another rate.</summary>
    public TimelineTime In(FrameRate rate)
    {
        if (rate == Rate)
            return this;
        var (above, below) = ((Int128)Value * Rate.Denominator * rate.Numerator, (Int128)Rate.Numerator * rate.Denominator);
        var half = above < 0 ? -below : below;
        return new((long)((2 * above + half) / (2 * below)), rate);
    }

    /// <summary>The sum. Times of different rates are added in a rate that both divide, so nothing is rounded.</summary>
    public TimelineTime Plus(TimelineTime other) => other.Value == 0 ? this : other.Rate == Rate
        ? new(Value + other.Value, Rate)
        : FrameRate.Common(Rate, other.Rate) is { } common
            ? new(In(common).Value + other.In(common).Value, common)
            : new(Value + other.In(Rate).Value, Rate);

    public TimelineTime Minus(TimelineTime other) => Plus(new(-other.Value, other.Rate));

    /// <summary>Less than 0 if it is earlier than another time, 0 if both are the same time.</summary>
    public int CompareTo(TimelineTime other) =>
        ((Int128)Value * Rate.Denominator * other.Rate.Numerator).CompareTo((Int128)other.Value * other.Rate.Denominator * Rate.Numerator);
}

/// <param name="Duration">Not negative.</param>
public readonly record struct TimelineRange(TimelineTime Start, TimelineTime Duration)
{
    public TimelineTime End => Start.Plus(Duration);
}
