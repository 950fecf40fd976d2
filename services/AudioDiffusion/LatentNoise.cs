namespace Rewas.AudioDiffusion;

/// <summary>
/// Standard normal noise for the latents of a request. It depends only on seed, candidate, window, step and position in the latent. Step 0
/// is the latent that sampling starts from; step n is the noise added by the n-th step.
/// </summary>
/// <param name="candidate">Index from 0.</param>
public sealed class LatentNoise(uint seed, int candidate = 0)
{
    const uint Purpose = 0x6E6F6973;                                         // "nois": separates this use of the seed from others

    /// <summary>Noise of a window without overlap: window n has the frames from n H on.</summary>
    /// <param name="window">Index from 0.</param>
    /// <param name="noise">[latent].</param>
    public void Fill(int window, int step, Span<float> noise) => Range(window, step, 0, noise);

    /// <summary>Noise of a latent at any position. Each frame of the sound has its own noise, in whichever window it is.</summary>
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

    /// <summary>Fills values of a window's noise, starting at an index.</summary>
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

/// <summary>Position of a latent in the whole sound, in latent frames.</summary>
/// <param name="Frames">H.</param>
/// <param name="Bins">W.</param>
public readonly record struct LatentPlace(long FirstFrame, int Frames, int Bins);
