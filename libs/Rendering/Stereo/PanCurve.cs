using Rewas.Clip;
using Rewas.Video;

namespace Rewas.Rendering.Stereo;

/// <summary>The place of a sound between left (-1) and right (1) over time.</summary>
/// <param name="values">Places, 25 per second; linear between them, constant outside.</param>
public sealed class PanCurve(IReadOnlyList<double> values)
{
    /// <summary>
    /// Places that follow a picture stay within it. Sound at half of the way has 7.7 dB more on one side, and its mono sum loses 0.7 dB.
    /// </summary>
    public const double MostOfPicture = 0.5;

    /// <summary>Fastest change of a place that follows a picture, per second.</summary>
    public const double FastestOfPicture = 1;

    /// <summary>Standard deviation of the bell over which motion is averaged.</summary>
    const double BellSeconds = 0.2;

    /// <summary>
    /// Strength of imagined motion in the centre, always. Where nothing moves it draws the sound there. A block of a small ball has 10.
    /// </summary>
    const double StrengthOfCentre = 0.5;

    /// <summary>The value for each frame is that of the motion since the frame before, half a frame earlier.</summary>
    const double FirstSeconds = -0.5 / ClipTiming.FrameRate;

    /// <summary>The same place at all times.</summary>
    public static PanCurve Fixed(double place) => new([place]);

    /// <summary>
    /// Follows the motion of a picture. It looks ahead as far as back, so it is not late. Where nothing moves it lies in the centre.
    /// </summary>
    public static PanCurve Of(IReadOnlyList<MotionPlace> places)
    {
        var reach = (int)(4 * BellSeconds * ClipTiming.FrameRate);
        double[] bell = [.. Enumerable.Range(-reach, 2 * reach + 1).Select(
            frame => Math.Exp(-0.5 * Math.Pow(frame / (BellSeconds * ClipTiming.FrameRate), 2)))];
        var sum = bell.Sum();
        return new(Slowed([.. Enumerable.Range(0, places.Count).Select(Mean)]));

        double Mean(int frame)
        {
            var (moment, strength) = (0.0, StrengthOfCentre * sum);
            for (var other = Math.Max(0, frame - reach); other <= Math.Min(places.Count - 1, frame + reach); other++)
            {
                var weight = bell[other - frame + reach] * places[other].Strength;
                (moment, strength) = (moment + weight * places[other].Across, strength + weight);
            }
            return MostOfPicture * moment / strength;
        }
    }

    /// <summary>The place at a time.</summary>
    public double PlaceAt(double seconds)
    {
        var frame = Math.Clamp((seconds - FirstSeconds) * ClipTiming.FrameRate, 0, Math.Max(0, values.Count - 1));
        var (before, part) = ((int)frame, frame - (int)frame);
        return values.Count == 0 ? 0 : part == 0 ? values[before] : values[before] + part * (values[before + 1] - values[before]);
    }

    /// <summary>
    /// The mean of the highest slow curve below the values and the lowest one above them: as fast as is allowed, and never late.
    /// </summary>
    static double[] Slowed(double[] values)
    {
        const double Step = FastestOfPicture / ClipTiming.FrameRate;
        var (below, above) = ((double[])values.Clone(), (double[])values.Clone());
        for (var i = 1; i < values.Length; i++)
            (below[i], above[i]) = (Math.Min(below[i], below[i - 1] + Step), Math.Max(above[i], above[i - 1] - Step));
        for (var i = values.Length - 2; i >= 0; i--)
            (below[i], above[i]) = (Math.Min(below[i], below[i + 1] + Step), Math.Max(above[i], above[i + 1] - Step));
        return [.. below.Zip(above, (low, high) => (low + high) / 2)];
    }
}
