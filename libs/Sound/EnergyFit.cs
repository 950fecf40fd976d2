using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound.Mel;

namespace Rewas.Sound;

/// <summary>
/// Moves the energy of a generated mel towards the requested energy. The missing energy is added to all bins of a frame, so the level
/// changes and the timbre does not. The comparison uses smoothed tokens, as controls do; an impact therefore keeps its attack. Detail of
/// the curve that tokens cannot hold, such as the edge of a drawn event, is added frame by frame. A share of 1 changes what the sound is
/// heard as: a dog barks less clearly under the energy curve of rain.
/// </summary>
public static class EnergyFit
{
    /// <summary>Largest change: 12 dB, in nepers.</summary>
    const float Limit = 1.3815511f;

    /// <param name="mel">Natural-log mel [512, 64], changed in place.</param>
    /// <param name="control">Requested energy, [512].</param>
    /// <param name="share">Share of the missing energy that is added, from 0 (no change) to 1.</param>
    public static void Apply(Span<float> mel, ReadOnlySpan<float> control, ClipTiming timing, double share)
    {
        if (share == 0)
            return;
        var asked = Energy.ToTokens(control, timing);
        var made = SavitzkyGolay.OfEnergy(timing).Smooth(Energy.ToTokens(Energy.OfLogMel(mel), timing));
        var inTokens = NearestResize.To(control.Length, asked);
        var missing = new float[asked.Length];
        TensorPrimitives.Subtract(asked, made, missing);
        for (var frame = 0; frame < control.Length; frame++)
        {
            var bins = mel.Slice(frame * ClipTiming.MelBins, ClipTiming.MelBins);
            var change = (float)share * Between(missing, frame, control.Length) + control[frame] - inTokens[frame];
            TensorPrimitives.Add(bins, Math.Clamp(change, -Limit, Limit), bins);
            TensorPrimitives.Max(bins, SilenceFloor.LogMel, bins);
        }
    }

    /// <summary>Value at the middle of a frame, interpolated linearly between the middles of the tokens.</summary>
    static float Between(float[] tokens, int frame, int frames)
    {
        var at = Math.Clamp((frame + 0.5f) * tokens.Length / frames - 0.5f, 0, tokens.Length - 1);
        var first = Math.Min((int)at, tokens.Length - 2);
        return float.Lerp(tokens[first], tokens[first + 1], at - first);
    }
}
