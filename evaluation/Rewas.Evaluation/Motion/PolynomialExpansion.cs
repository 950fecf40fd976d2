namespace Rewas.Evaluation.Motion;

/// <summary>
/// Approximates each pixel's neighbourhood, with Gaussian weights, by a quadratic: grey(x + d) is about dᵀ A d + bᵀ d + c (Farneback,
/// "Two-frame motion estimation based on polynomial expansion", SCIA 2003).
/// </summary>
/// <param name="Xx">First entry of A.</param>
/// <param name="Xy">Off-diagonal entry of A.</param>
/// <param name="Yy">Last entry of A.</param>
/// <param name="X">First entry of b.</param>
/// <param name="Y">Second entry of b.</param>
sealed record PolynomialExpansion(GreyPicture Xx, GreyPicture Xy, GreyPicture Yy, GreyPicture X, GreyPicture Y)
{
    const int Radius = 5;
    const double Sigma = 1.2;

    static readonly double[] Gaussian = [.. Enumerable.Range(-Radius, 2 * Radius + 1).Select(d => Math.Exp(-d * d / (2 * Sigma * Sigma)))];
    static readonly float[] Even = Weights(0), Odd = Weights(1), Square = Weights(2);
    static readonly double Second = Moment(2), Fourth = Moment(4);

    public static PolynomialExpansion Of(GreyPicture picture)
    {
        // Under an even weight, the basis 1, x, y, x², y², xy is orthogonal except for 1, x² and y², which share their means.
        var mean = picture.Filtered(Even, Even);
        var curvature = 1 / (Fourth - Second * Second);
        return new(
            Combined(picture.Filtered(Square, Even), mean, curvature, -Second * curvature),
            Combined(picture.Filtered(Odd, Odd), mean, 1 / (2 * Second * Second), 0),
            Combined(picture.Filtered(Even, Square), mean, curvature, -Second * curvature),
            Combined(picture.Filtered(Odd, Even), mean, 1 / Second, 0),
            Combined(picture.Filtered(Even, Odd), mean, 1 / Second, 0));
    }

    static GreyPicture Combined(GreyPicture one, GreyPicture other, double oneFactor, double otherFactor) =>
        one with { Values = [.. one.Values.Select((value, i) => (float)(oneFactor * value + otherFactor * other.Values[i]))] };

    static float[] Weights(int power) => [.. Gaussian.Select((g, i) => (float)(g * Math.Pow(i - Radius, power) / Gaussian.Sum()))];

    static double Moment(int power) => Gaussian.Select((g, i) => g * Math.Pow(i - Radius, power)).Sum() / Gaussian.Sum();
}
