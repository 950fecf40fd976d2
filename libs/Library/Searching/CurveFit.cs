using System.Numerics.Tensors;
using Rewas.Library.Measuring;

namespace Rewas.Library.Searching;

/// <summary>How well a recording fits a picture's curve, before it is placed.</summary>
/// <param name="Beats">Beats of the recording per second: rises by 6 dB.</param>
/// <param name="WantedBeats">Beats of the curve per second.</param>
/// <param name="Course">How closely the recording's energy follows the curve at its best position, 0 to 1.</param>
public sealed record CurveFit(double Beats, double WantedBeats, double Course)
{
    const double RareBeats = 0.2;                                            // per second; lower rates count as equal
    const int ShortestValues = 15, LongestValues = 100, LongestCurve = 600;  // 1.5 s, 10 s, 60 s of a course
    const double Spread = 1.5;                                               // difference in nepers at which the fit is about a third

    /// <summary>From 0 to 1: the geometric mean of the fit of the beats and of the course.</summary>
    public double Total => Math.Sqrt(BeatFit(Beats, WantedBeats) * Course);

    /// <summary>1 for equal rates of beats, a half for twice or half the rate.</summary>
    internal static double BeatFit(double beats, double wanted) =>
        Math.Pow(2, -Math.Abs(Math.Log2((beats + RareBeats) / (wanted + RareBeats))));

    internal static CurveFit Of(EnergyCourse recording, EnergyCourse picture) =>
        new(recording.BeatsPerSecond, picture.BeatsPerSecond, CourseFit(recording.Values, picture.Values));

    /// <summary>
    /// Fits the recording at every position of the curve. A short recording is padded with silence. Its level is free, so both means are
    /// removed. The smallest remaining difference, in nepers, gives the fit.
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

    /// <summary>Silence in an <see cref="EnergyCourse"/>, nepers below the loudest.</summary>
    const float Silence = 5;
}
