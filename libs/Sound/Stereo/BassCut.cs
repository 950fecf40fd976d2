namespace Rewas.Sound.Stereo;

/// <summary>
/// A high pass without phase shift: the sound, less its mean over a triangle around each sample. The triangle's spectrum is a square, so
/// the filter amplifies no frequency.
/// </summary>
/// <param name="halfSamples">Half of the triangle. Half of the power passes at about 0.44 / that time.</param>
sealed class BassCut(int halfSamples)
{
    readonly DelayLine sound = new(halfSamples + 1), mean = new(halfSamples + 1);
    double sum, sumOfMeans;

    /// <summary>How late its output is, samples.</summary>
    public int Delay => halfSamples - 1;

    public double Next(double sample)
    {
        sound.Add(sample);
        sum += sample - sound[halfSamples];
        mean.Add(sum / halfSamples);
        sumOfMeans += mean[0] - mean[halfSamples];
        return sound[Delay] - sumOfMeans / halfSamples;
    }
}
