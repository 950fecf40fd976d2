namespace Rewas.Sound.Stereo;

/// <summary>The last samples of a sound.</summary>
/// <param name="length">Samples that are kept; at least 1.</param>
sealed class DelayLine(int length)
{
    readonly double[] samples = new double[length];
    int newest;

    public void Add(double sample)
    {
        newest = newest + 1 == length ? 0 : newest + 1;
        samples[newest] = sample;
    }

    /// <summary>The sample so many samples before the last one; less than the length.</summary>
    public double this[int ago] => samples[newest >= ago ? newest - ago : newest - ago + length];
}
