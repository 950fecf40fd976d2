namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>Second-order filter, coefficients after R. Bristow-Johnson's Audio EQ Cookbook, transposed direct form II.</summary>
struct Biquad
{
    readonly float b0, b1, b2, a1, a2;
    float s1, s2;

    Biquad(double b0, double b1, double b2, double a0, double a1, double a2) =>
        (this.b0, this.b1, this.b2, this.a1, this.a2) = (
            (float)(b0 / a0), (float)(b1 / a0), (float)(b2 / a0), (float)(a1 / a0), (float)(a2 / a0));

    public static Biquad LowPass(double hertz, double q = 0.707)
    {
        var (cos, alpha) = Angles(hertz, q);
        return new((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    public static Biquad HighPass(double hertz, double q = 0.707)
    {
        var (cos, alpha) = Angles(hertz, q);
        return new((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    /// <summary>Gain 1 at the centre.</summary>
    public static Biquad BandPass(double hertz, double q)
    {
        var (cos, alpha) = Angles(hertz, q);
        return new(alpha, 0, -alpha, 1 + alpha, -2 * cos, 1 - alpha);
    }

    public float Next(float x)
    {
        var y = b0 * x + s1;
        s1 = b1 * x - a1 * y + s2;
        s2 = b2 * x - a2 * y;
        return y;
    }

    static (double Cos, double Alpha) Angles(double hertz, double q)
    {
        var w = Math.Tau * Math.Min(hertz, 0.48 * Track.Rate) / Track.Rate;
        return (Math.Cos(w), Math.Sin(w) / (2 * q));
    }
}
