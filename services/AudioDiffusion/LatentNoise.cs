namespace Rewas.AudioDiffusion;

/// <summary>
/// Standard normal noise for the latents of a request: a function of seed, candidate, window, step and place in the latent,
/// and of nothing else. Step 0 is the latent that sampling starts from, step n the noise added by the n-th step.
/// </summary>
/// <param name="seed">Seed of the request.</param>
/// <param name="candidate">Candidate, from 0.</param>
public sealed class LatentNoise(uint seed, int candidate = 0)
{
    const uint Purpose = 0x6E6F6973;                                         // "nois": keeps other uses of a seed apart from this one

    public void Fill(int window, int step, Span<float> noise)
    {
        Span<float> four = stackalloc float[4];
        for (var i = 0; i < noise.Length; i += 4)
        {
            var words = Philox.Words((uint)(i / 4), (uint)step, (uint)window, (uint)candidate, seed, Purpose);
            (four[0], four[1]) = Normal(words.X, words.Y);
            (four[2], four[3]) = Normal(words.Z, words.W);
            four[..Math.Min(4, noise.Length - i)].CopyTo(noise[i..]);
        }
    }

    /// <summary>Two normal values from two uniform words (Box and Muller, 1958).</summary>
    static (float, float) Normal(uint a, uint b)
    {
        var radius = Math.Sqrt(-2 * Math.Log((a + 0.5) / 4294967296.0));     // never the logarithm of zero
        var (sine, cosine) = Math.SinCos(2 * Math.PI * b / 4294967296.0);
        return ((float)(radius * cosine), (float)(radius * sine));
    }
}
