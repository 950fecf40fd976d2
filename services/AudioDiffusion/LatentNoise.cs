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

    /// <summary>Noise of a window whose frames are its own: window n has those from n H on.</summary>
    /// <param name="window">Window, from 0.</param>
    /// <param name="step">Step.</param>
    /// <param name="noise">[latent].</param>
    public void Fill(int window, int step, Span<float> noise) => Range(window, step, 0, noise);

    /// <summary>Noise of a latent that starts anywhere: each frame of the sound has its own, whichever windows it is in.</summary>
    /// <param name="place">Where the latent lies.</param>
    /// <param name="step">Step.</param>
    /// <param name="noise">[Z, H, W].</param>
    public void Fill(LatentPlace place, int step, Span<float> noise)
    {
        var (frames, width) = (place.Frames, place.Bins);
        for (var row = 0; row < noise.Length / width; row++)
        {
            var (channel, frame) = (row / frames, place.FirstFrame + row % frames);
            Range((int)(frame / frames), step, (channel * frames + (int)(frame % frames)) * width, noise.Slice(row * width, width));
        }
    }

    /// <summary>The values of a window's noise from one on.</summary>
    void Range(int window, int step, int first, Span<float> noise)
    {
        Span<float> four = stackalloc float[4];
        for (var i = 0; i < noise.Length;)
        {
            var (quad, skipped) = Math.DivRem(first + i, 4);
            var words = Philox.Words((uint)quad, (uint)step, (uint)window, (uint)candidate, seed, Purpose);
            (four[0], four[1]) = Philox.Normal(words.X, words.Y);
            (four[2], four[3]) = Philox.Normal(words.Z, words.W);
            var count = Math.Min(4 - skipped, noise.Length - i);
            four.Slice(skipped, count).CopyTo(noise[i..]);
            i += count;
        }
    }
}

/// <summary>Where a latent lies in the whole sound, in latent frames.</summary>
/// <param name="FirstFrame">Its first frame.</param>
/// <param name="Frames">H.</param>
/// <param name="Bins">W.</param>
public readonly record struct LatentPlace(long FirstFrame, int Frames, int Bins);
