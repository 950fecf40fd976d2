using Rewas.AudioDiffusion.Samplers;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Frames of a window's latent that are there already, because a neighbour has them. At every step the prediction says of them what they are, so that the rest is
/// denoised to go with them (as in RePaint, Lugmayr et al., 2022, arXiv 2201.09865, without its repeated steps; here in the prediction, which every sampler sees).
/// </summary>
public sealed class FixedContext
{
    /// <summary>Part of the fixed frames that give way towards those that are made, so that no step is left between them.</summary>
    const double SoftPart = 1.0 / 3;

    readonly float[] known, share;                                           // [Z, H, W]; a share of 1 is fixed, of 0 is free

    /// <param name="shape">[Z, H, W] of a latent; H are its frames.</param>
    /// <param name="before">Latent of the window before, whose last frames come first here; empty for none.</param>
    /// <param name="after">Latent of the window after, whose first frames come last here; empty for none.</param>
    /// <param name="frames">Frames of each.</param>
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

    /// <summary>What is known, zeros elsewhere, [Z, H, W].</summary>
    public ReadOnlySpan<float> Known => known;

    /// <summary>The known frames of the first latent: what they are, under its noise.</summary>
    /// <param name="levels">Noise levels.</param>
    /// <param name="noise">Standard normal noise, [latent].</param>
    /// <param name="latent">Changed in place.</param>
    public void Start(NoiseLevels levels, ReadOnlySpan<float> noise, Span<float> latent)
    {
        var (signal, amplitude) = ((float)levels.Signal[0], (float)levels.Noise[0]);
        for (var i = 0; i < latent.Length; i++)
            latent[i] += share[i] * (signal * known[i] + amplitude * noise[i] - latent[i]);
    }

    /// <summary>In the known frames, the noise whose clean latent is the known one.</summary>
    /// <param name="levels">Noise levels.</param>
    /// <param name="level">Level of the latent.</param>
    /// <param name="latent">[latent].</param>
    /// <param name="epsilon">Predicted noise; changed in place.</param>
    public void Correct(NoiseLevels levels, int level, ReadOnlySpan<float> latent, Span<float> epsilon)
    {
        var (signal, amplitude) = (levels.Signal[level], levels.Noise[level]);
        for (var i = 0; i < epsilon.Length; i++)
            if (share[i] > 0)
                epsilon[i] += (float)(share[i] * ((latent[i] - signal * known[i]) / amplitude - epsilon[i]));
    }

    /// <summary>The known frames of the last latent, without what noise is left.</summary>
    public void End(Span<float> latent)
    {
        for (var i = 0; i < latent.Length; i++)
            latent[i] = share[i] * known[i] + (1 - share[i]) * latent[i];   // exactly what is known where the share is 1
    }
}
