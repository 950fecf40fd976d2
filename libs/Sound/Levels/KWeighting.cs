namespace Rewas.Sound.Levels;

/// <summary>
/// The K-weighting filter of ITU-R BS.1770: a high shelf for the head, then a high pass. The recommendation gives coefficients at 48 kHz
/// only. This class derives them for any rate from the analogue filters (De Man, "Evaluation of implementations of the EBU R128 loudness
/// measurement", AES 2018).
/// </summary>
sealed class KWeighting
{
    readonly Biquad shelf, highPass;

    public KWeighting(int sampleRate)
    {
        shelf = Shelf(
            Math.Tan(Math.PI * 1681.974450955533 / sampleRate), gain: Math.Pow(10, 3.999843853973347 / 20), quality: 0.7071752369554196);
        highPass = HighPass(Math.Tan(Math.PI * 38.13547087602444 / sampleRate), quality: 0.5003270373238773);
    }

    public double Next(double sample) => highPass.Next(shelf.Next(sample));

    static Biquad Shelf(double k, double gain, double quality)
    {
        var middle = Math.Pow(gain, 0.4996667741545416);
        var norm = 1 + k / quality + k * k;
        return new(
            (gain + middle * k / quality + k * k) / norm,
            2 * (k * k - gain) / norm,
            (gain - middle * k / quality + k * k) / norm,
            2 * (k * k - 1) / norm,
            (1 - k / quality + k * k) / norm);
    }

    static Biquad HighPass(double k, double quality)
    {
        var norm = 1 + k / quality + k * k;
        return new(1, -2, 1, 2 * (k * k - 1) / norm, (1 - k / quality + k * k) / norm);
    }

    /// <summary>Second-order section, transposed direct form II.</summary>
    sealed class Biquad(double b0, double b1, double b2, double a1, double a2)
    {
        double z1, z2;

        public double Next(double x)
        {
            var y = b0 * x + z1;
            (z1, z2) = Decay.Settled(b1 * x - a1 * y + z2, b2 * x - a2 * y);
            return y;
        }
    }
}
