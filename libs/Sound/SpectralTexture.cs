using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound.Mel;

namespace Rewas.Sound;

/// <summary>
/// The timbre of a sound without its level: five numbers per mel frame that describe the shape of the spectrum, each from 0 to 1. Above the
/// silence floor they do not depend on level.
/// </summary>
/// <remarks>
/// With m_b the mel magnitudes of a frame, clamped to at least <see cref="SilenceFloor.Magnitude"/>, and p_b = m_b / sum m:
/// <list type="number">
/// <item>centroid: sum b p_b / 63, the mean position on the mel scale (Peeters, "A large set of audio features", 2004);</item>
/// <item>bandwidth: standard deviation of b under p, 1 at 31.5 bins (half of the sound in the lowest bin, half in the highest);</item>
/// <item>flatness: geometric over arithmetic mean of m in dB, 1 at 0 dB (flat), 0 at -40 dB and below (Johnston 1988);</item>
/// <item>contrast: mean log of the 2 highest bins minus that of the 2 lowest in each of 8 bands of 8 bins, weighted by the
/// bands' magnitude, 1 at 60 dB and above (after Jiang et al. 2002);</item>
/// <item>flux: half of sum |p_b[t] - p_b[t-1]|, the share of the spectrum that moved, 1 at 0.4 and above, 0 in the first frame
/// (Scheirer and Slaney 1997).</item>
/// </list>
/// The ranges give each number a standard deviation of 0.12 to 0.13 over frames of real recordings, so that none outweighs another. Silence
/// is a flat spectrum at the floor: centroid 0.5, bandwidth 0.586, flatness 1, contrast 0, flux 0. No division by zero occurs.
/// </remarks>
public static class SpectralTexture
{
    /// <summary>Numbers per frame: centroid, bandwidth, flatness, contrast, flux.</summary>
    public const int Descriptors = ControlDescriptors.TextureNumbers;

    const int Bins = ClipTiming.MelBins;
    const int BandBins = 8, Extremes = 2;
    const double NepersPerDecibel = 0.11512925464970229;                     // ln(10) / 20
    const double FlatnessRange = 40 * NepersPerDecibel, ContrastRange = 60 * NepersPerDecibel, FluxRange = 0.4;

    static readonly float[] Places = [.. Enumerable.Range(0, Bins).Select(bin => (float)bin / (Bins - 1))];

    /// <summary>Texture of log mel frames: [T, 64] to [T, 5].</summary>
    public static float[] OfLogMel(ReadOnlySpan<float> logMel)
    {
        if (logMel.Length % Bins != 0)
            throw new ArgumentException($"{logMel.Length} values are not whole frames of {Bins} bins", nameof(logMel));
        var texture = new float[logMel.Length / Bins * Descriptors];
        Span<float> log = stackalloc float[Bins], share = stackalloc float[Bins], before = stackalloc float[Bins];
        for (var frame = 0; frame * Bins < logMel.Length; frame++)
        {
            TensorPrimitives.Max(logMel.Slice(frame * Bins, Bins), SilenceFloor.LogMel, log);
            TensorPrimitives.Exp(log, share);
            var sum = TensorPrimitives.Sum<float>(share);
            TensorPrimitives.Divide(share, sum, share);
            Describe(log, share, frame == 0 ? share : before, Math.Log(sum / Bins), texture.AsSpan(frame * Descriptors, Descriptors));
            share.CopyTo(before);
        }
        return texture;
    }

    /// <summary>
    /// Pools a window's texture to tokens as energy is pooled (<see cref="Energy.ToTokens"/>): [512, 5] to [timing.TokensPerWindow, 5].
    /// </summary>
    public static float[] ToTokens(ReadOnlySpan<float> texture, ClipTiming timing)
    {
        var frames = FramesOf(texture);
        var tokens = new float[timing.TokensPerWindow * Descriptors];
        var curve = new float[frames];
        for (var descriptor = 0; descriptor < Descriptors; descriptor++)
        {
            for (var frame = 0; frame < frames; frame++)
                curve[frame] = texture[frame * Descriptors + descriptor];
            var pooled = Energy.ToTokens(curve, timing);
            for (var token = 0; token < pooled.Length; token++)
                tokens[token * Descriptors + descriptor] = pooled[token];
        }
        return tokens;
    }

    /// <summary>Makes a window's control from tokens: nearest-neighbour resizing, [tokens, 5] to [512, 5].</summary>
    public static float[] ControlFromTokens(ReadOnlySpan<float> tokens)
    {
        var control = new float[ClipTiming.MelFramesPerWindow * Descriptors];
        var count = FramesOf(tokens);
        for (var frame = 0; frame < ClipTiming.MelFramesPerWindow; frame++)
        {
            var token = frame * count / ClipTiming.MelFramesPerWindow;
            tokens.Slice(token * Descriptors, Descriptors).CopyTo(control.AsSpan(frame * Descriptors));
        }
        return control;
    }

    /// <summary>
    /// Difference of texture between two clips of the same length: mean of |first - second| over frames and descriptors. It is 0 for equal
    /// clips and at most 1.
    /// </summary>
    /// <param name="first">[T, 5].</param>
    /// <param name="second">[T, 5].</param>
    public static double Distance(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        FramesOf(first);
        return Correlation.MeanAbsoluteError(first, second);
    }

    static void Describe(ReadOnlySpan<float> log, ReadOnlySpan<float> share, ReadOnlySpan<float> before, double logOfMean, Span<float> five)
    {
        var centroid = TensorPrimitives.Dot(Places, share);
        double variance = 0, contrast = 0, change = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            variance += share[bin] * (Places[bin] - centroid) * (Places[bin] - centroid);
            change += Math.Abs(share[bin] - before[bin]);
        }
        for (var band = 0; band < Bins; band += BandBins)
            contrast += TensorPrimitives.Sum(share.Slice(band, BandBins)) * Contrast(log.Slice(band, BandBins));
        five[0] = Math.Clamp(centroid, 0, 1);
        five[1] = (float)Math.Clamp(2 * Math.Sqrt(variance), 0, 1);
        five[2] = (float)Math.Clamp(1 + (TensorPrimitives.Average(log) - logOfMean) / FlatnessRange, 0, 1);
        five[3] = (float)Math.Clamp(contrast / ContrastRange, 0, 1);
        five[4] = (float)Math.Clamp(change / 2 / FluxRange, 0, 1);
    }

    /// <summary>Mean of the highest values minus mean of the lowest.</summary>
    static float Contrast(ReadOnlySpan<float> band)
    {
        Span<float> sorted = stackalloc float[BandBins];
        band.CopyTo(sorted);
        sorted.Sort();
        return TensorPrimitives.Average<float>(sorted[^Extremes..]) - TensorPrimitives.Average<float>(sorted[..Extremes]);
    }

    static int FramesOf(ReadOnlySpan<float> texture)
    {
        if (texture.IsEmpty || texture.Length % Descriptors != 0)
            throw new ArgumentException($"{texture.Length} values are not whole frames of {Descriptors} descriptors", nameof(texture));
        return texture.Length / Descriptors;
    }
}
