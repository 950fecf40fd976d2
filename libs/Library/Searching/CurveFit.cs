using System.Numerics.Tensors;
using Rewas.Library.Measuring;

namespace Rewas.Library.Searching;

/// <summary>How well a recording fits a picture's curve before it is placed under it.</summary>
/// <param name="Beats">How often the recording swells by 6 dB, a second.</param>
/// <param name="WantedBeats">How often the curve does.</param>
/// <param name="Course">How closely the recording's energy follows the curve where it does best, 0 to 1.</param>
public sealed record CurveFit(double Beats, double WantedBeats, double Course)
{
    const double RareBeats = 0.2;                                            // a second: what is rarer is as rare
    const int ShortestValues = 15, LongestValues = 100, LongestCurve = 600;  // 1.5 s, 10 s, 60 s of a course
    const double Spread = 1.5;                                               // nepers off, at which the course counts for a third

    /// <summary>0 to 1: the geometric mean of how near the beats are, and of the course.</summary>
    public double Total => Math.Sqrt(BeatFit(Beats, WantedBeats) * Course);

    /// <summary>1 for as many beats, a half for twice or half as many.</summary>
    internal static double BeatFit(double beats, double wanted) =>
        Math.Pow(2, -Math.Abs(Math.Log2((beats + RareBeats) / (wanted + RareBeats))));

    internal static CurveFit Of(EnergyCourse recording, EnergyCourse picture) =>
        new(recording.BeatsPerSecond, picture.BeatsPerSecond, CourseFit(recording.Values, picture.Values));

    /// <summary>
    /// The recording is laid at every place of the curve; a short one is followed by silence. Its level is free, so the means are taken
    /// off. What is left of the difference where it is least, nepers, tells how it fits.
    /// </summary>
    static double CourseFit(ReadOnlySpan<float> recording, ReadOnlySpan<float> picture)
    {
        Span<float> kept = stackalloc float[LongestValues];
        var length = Math.Clamp(recording.Length, ShortestValues, LongestValues);
        kept[..length].Fill(-Silence);
        recording[..Math.Min(recording.Length, length)].CopyTo(kept);
        picture = picture[..Math.Min(picture.Length, LongestCurve)];
        length = Math.Min(length, picture.Length);
        var laid = kept[..length];
        TensorPrimitives.Subtract(laid, TensorPrimitives.Average<float>(laid), laid);
        var own = TensorPrimitives.SumOfSquares<float>(laid);
        var least = double.PositiveInfinity;
        for (var at = 0; at + length <= picture.Length; at++)
        {
            var under = picture.Slice(at, length);
            var mean = TensorPrimitives.Average(under);
            var others = TensorPrimitives.SumOfSquares(under) - length * mean * mean;
            least = Math.Min(least, own + others - 2 * TensorPrimitives.Dot(laid, under));
        }
        return Math.Exp(-Math.Sqrt(Math.Max(0, least) / length) / Spread);
    }

    /// <summary>Of an <see cref="EnergyCourse"/>, nepers under the loudest.</summary>
    const float Silence = 5;
}
