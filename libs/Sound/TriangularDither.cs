namespace Rewas.Sound;

/// <summary>
/// Rounds samples to a number of bits after adding triangular noise of two steps peak to peak (Lipshitz, Wannamaker and Vanderkooy 1992):
/// mean and power of the error do not depend on the sound. The noise is that of a seed, so the same sound gives the same samples, in
/// whatever parts it comes.
/// </summary>
/// <param name="bits">16 or 24: a float holds each step exactly.</param>
/// <param name="seed">Seed of the noise.</param>
public sealed class TriangularDither(int bits, ulong seed)
{
    readonly double full = Math.ScaleB(1, bits - 1);
    readonly ulong start = SplitMix64.Mix(seed);
    ulong next;

    /// <summary>Rounds the next samples, in place. They stay within full scale.</summary>
    public void Apply(Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(Math.Clamp(Math.Round(samples[i] * full + Noise()), -full, full - 1) / full);
    }

    /// <summary>The sum of two even numbers of half a step: -1 to 1.</summary>
    double Noise()
    {
        var random = SplitMix64.Mix(start + next++ * SplitMix64.Increment);
        return ((double)(uint)random + (uint)(random >> 32)) / uint.MaxValue - 1;
    }
}
