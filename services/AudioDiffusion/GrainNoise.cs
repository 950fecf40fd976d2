using Rewas.Clip;
using Rewas.Sound;

namespace Rewas.AudioDiffusion;

/// <summary>
/// The grain for a decoder with grain output: that of one white noise as long as the sound. It depends only on seed, candidate and
/// position. Overlapping windows therefore have the same grain, and a sound made in parts equals one made whole.
/// </summary>
/// <param name="candidate">Index from 0.</param>
public sealed class GrainNoise(uint seed, int candidate)
{
    const uint Purpose = 0x67726169;                                         // "grai": separates this use of the seed from others

    /// <summary>Number of neighbouring frames that a mel frame's window reaches on each side.</summary>
    const int Margin = 4;

    /// <param name="firstFrame">Position in the sound, at least 0.</param>
    /// <returns>[frames, 64], nepers.</returns>
    public float[] Of(long firstFrame, int frames)
    {
        // Sample 0 of the noise lies one margin before the sound.
        var noise = new float[(frames + 2 * Margin) * ClipTiming.HopSamples];
        var first = firstFrame * ClipTiming.HopSamples / 4;                  // four samples per counter; a hop holds a whole number of them
        for (var i = 0; i < noise.Length; i += 4)
        {
            var counter = first + i / 4;
            var words = Philox.Words((uint)counter, (uint)(counter >> 32), 0, (uint)candidate, seed, Purpose);
            (noise[i], noise[i + 1]) = Philox.Normal(words.X, words.Y);
            (noise[i + 2], noise[i + 3]) = Philox.Normal(words.Z, words.W);
        }
        return NoiseGrain.Of(noise).AsSpan(Margin * ClipTiming.MelBins, frames * ClipTiming.MelBins).ToArray();
    }
}
