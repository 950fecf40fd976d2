using Rewas.AudioDiffusion.Samplers;

namespace Rewas.AudioDiffusion;

/// <summary>
/// The fixed frames of a window's latent, taken from its neighbours. At every step the prediction is replaced there, so that the other
/// frames are denoised to fit (as in RePaint, Lugmayr et al., 2022, arXiv 2201.09865, without its repeated steps). Replacing the prediction
/// works with every sampler.
/// </summary>
public sealed class FixedContext
{
    /// <summary>Share of the fixed frames that blend into the free ones, so that there is no discontinuity.</summary>
    const double SoftPart = 1.0 / 3;

    readonly float[] known, share;                                           // [Z, H, W]; 1 is fixed, 0 is free

    /// <param name="shape">[Z, H, W] of a latent; H is the number of frames.</param>
    /// <param name="before">Latent of the previous window, whose last frames come first here; or empty.</param>
    /// <param name="after">Latent of the next window, whose first frames come last here; or empty.</param>
    /// <param name="frames">Number of frames taken from each.</param>
    public FixedContext(IReadOnlyList<long> shape, ReadOnlySpan<float> before, ReadOnlySpan<float> after, int frames)
    {
        var (channels, height, width) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        (known, share) = (new float[channels * height * width], new float[channels * height * width]);
        var soft = (int)(frames * SoftPart);
        for (var channel = 0; channel < channels; channel++)
        {
            for (var frame = 0; frame < frames; frame++)
            {
                var hold = Math.Min(1, (frames - frame) / (soft + 1f));      // falls with the distance from the window's end
                if (!before.IsEmpty)
                    Take(before, from: height - frames + frame, channel, to: frame, hold);
                if (!after.IsEmpty)
                    Take(after, from: frames - 1 - frame, channel, to: height - 1 - frame, hold);
            }
        }

        void Take(ReadOnlySpan<float> neighbour, int from, int channel, int to, float hold)
        {
            neighbour.Slice((channel * height + from) * width, width).CopyTo(known.AsSpan((channel * height + to) * width));
            share.AsSpan((channel * height + to) * width, width).Fill(hold);
        }
    }

    /// <summary>The fixed values, with zeros elsewhere, [Z, H, W].</summary>
    public ReadOnlySpan<float> Known => known;

    /// <summary>How fixed each value is: 1 fixed, 0 free, [Z, H, W].</summary>
    public ReadOnlySpan<float> Share => share;

    /// <summary>Sets the fixed frames of the first latent to their values with that level's noise.</summary>
    /// <param name="noise">Standard normal noise, [latent].</param>
    /// <param name="latent">Changed in place.</param>
    public void Start(NoiseLevels levels, ReadOnlySpan<float> noise, Span<float> latent)
    {
        var (signal, amplitude) = ((float)levels.Signal[0], (float)levels.Noise[0]);
        for (var i = 0; i < latent.Length; i++)
            latent[i] += share[i] * (signal * known[i] + amplitude * noise[i] - latent[i]);
    }

    /// <summary>Sets the predicted noise of the fixed frames so that it implies their values.</summary>
    /// <param name="level">Noise level of the latent.</param>
    /// <param name="latent">[latent].</param>
    /// <param name="epsilon">Predicted noise; changed in place.</param>
    public void Correct(NoiseLevels levels, int level, ReadOnlySpan<float> latent, Span<float> epsilon)
    {
        var (signal, amplitude) = (levels.Signal[level], levels.Noise[level]);
        for (var i = 0; i < epsilon.Length; i++)
            if (share[i] > 0)
                epsilon[i] += (float)(share[i] * ((latent[i] - signal * known[i]) / amplitude - epsilon[i]));
    }

    /// <summary>Sets the fixed frames of the last latent to their values, without the remaining noise.</summary>
    public void End(Span<float> latent)
    {
        for (var i = 0; i < latent.Length; i++)
            latent[i] = share[i] * known[i] + (1 - share[i]) * latent[i];   // exact where the share is 1
    }
}
