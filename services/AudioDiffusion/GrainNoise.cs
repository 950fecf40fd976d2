using Rewas.Audio;
using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// The grain that a decoder with grain asks for: that of one white noise as long as the sound. It is a function of seed, candidate and
/// place in the sound alone, so windows that overlap have the same grain where they do, and a sound made in parts equals one made whole.
/// </summary>
/// <param name="seed">Seed of the request.</param>
/// <param name="candidate">Candidate, from 0.</param>
public sealed class GrainNoise(uint seed, int candidate)
{
    const uint Purpose = 0x67726169;                                         // "grai": keeps other uses of a seed apart from this one

    /// <summary>Frames on each side that a mel frame's window reaches into.</summary>
    const int Margin = 4;

    /// <param name="firstFrame">In the whole sound, at least 0.</param>
    /// <param name="frames">Mel frames.</param>
    /// <returns>[frames, 64], nepers.</returns>
    public float[] Of(long firstFrame, int frames)
    {
        // Sample 0 of the noise lies a margin before the sound.
        var noise = new float[(frames + 2 * Margin) * ClipTiming.HopSamples];
        var first = firstFrame * ClipTiming.HopSamples / 4;                  // four samples a counter; a hop has a whole number of them
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
