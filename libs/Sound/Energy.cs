using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound.Mel;

namespace Rewas.Sound;

/// <summary>
/// The control energy of ReWaS (arXiv 2407.05551, section 3.2): the mean of the log mel over its bins, smoothed. It ranges from
/// <see cref="SilenceFloor.LogMel"/> (silence) to about 0.
/// </summary>
public static class Energy
{
    /// <summary>Mean over mel bins: [T, 64] to [T].</summary>
    public static float[] OfLogMel(ReadOnlySpan<float> logMel)
    {
        if (logMel.Length % ClipTiming.MelBins != 0)
            throw new ArgumentException($"{logMel.Length} values are not whole frames of {ClipTiming.MelBins} bins", nameof(logMel));
        var energy = new float[logMel.Length / ClipTiming.MelBins];
        for (var frame = 0; frame < energy.Length; frame++)
            energy[frame] = TensorPrimitives.Average(logMel.Slice(frame * ClipTiming.MelBins, ClipTiming.MelBins));
        return energy;
    }

    /// <summary>
    /// Pools the energy of a window to the predictor's training target, without smoothing: [512] to [timing.TokensPerWindow]. The
    /// end-to-end layout picks nearest values, as published. The layout at true times averages the mel frames of each token, so that no
    /// impact is lost between two tokens.
    /// </summary>
    public static float[] ToTokens(ReadOnlySpan<float> energy, ClipTiming timing)
    {
        if (timing.TokenLayout == TokenLayout.EndToEnd)
            return NearestResize.To(timing.TokensPerWindow, energy);
        var tokens = new float[timing.TokensPerWindow];
        for (var token = 0; token < tokens.Length; token++)
        {
            var (first, end) = (token * energy.Length / tokens.Length, (token + 1) * energy.Length / tokens.Length);
            tokens[token] = TensorPrimitives.Average(energy[first..end]);
        }
        return tokens;
    }

    /// <summary>
    /// Makes a window's control from tokens: Savitzky-Golay smoothing over about 0.4 s, then nearest-neighbour resizing to [512].
    /// </summary>
    public static float[] ControlFromTokens(ReadOnlySpan<float> tokens, ClipTiming timing) =>
        NearestResize.To(ClipTiming.MelFramesPerWindow, SavitzkyGolay.OfEnergy(timing).Smooth(tokens));

    /// <summary>
    /// The control that the denoiser is trained with: the energy of real sound, [512], is pooled to tokens, smoothed, and resized to [512].
    /// </summary>
    public static float[] Control(ReadOnlySpan<float> energy, ClipTiming timing) => ControlFromTokens(ToTokens(energy, timing), timing);
}
