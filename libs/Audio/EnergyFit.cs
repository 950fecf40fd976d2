using System.Numerics.Tensors;
using Rewas.Networks;

namespace Rewas.Audio;

/// <summary>
/// Moves a generated mel towards the energy that was asked for. Energy is the mean of the log mel, so what is missing is added to all bins of a frame: louder or softer, of the same colour. What is
/// compared is energy as controls have it, by tokens and smoothed, so that a blow keeps its attack where the curve only tells that there is one; what the curve has beyond that, such as the edge of
/// an event that somebody drew, is taken to the frame. The whole way costs what is heard: a dog under the curve of rain is less of a dog.
/// </summary>
public static class EnergyFit
{
    /// <summary>The most that is added or taken away: 12 dB, in the mel's unit.</summary>
    const float Limit = 1.3815511f;

    /// <param name="mel">Natural-log mel [512, 64], changed in place.</param>
    /// <param name="control">The energy that was asked for, [512].</param>
    /// <param name="timing">How the bundle cuts time.</param>
    /// <param name="share">Of what is missing, 0 (nothing is changed) to 1.</param>
    public static void Apply(Span<float> mel, ReadOnlySpan<float> control, ClipTiming timing, double share)
    {
        if (share == 0)
            return;
        var (asked, made) = (Energy.ToTokens(control, timing), SavitzkyGolay.OfEnergy(timing).Smooth(Energy.ToTokens(Energy.OfLogMel(mel), timing)));
        var inTokens = NearestResize.To(control.Length, asked);
        var missing = new float[asked.Length];
        TensorPrimitives.Subtract(asked, made, missing);
        for (var frame = 0; frame < control.Length; frame++)
        {
            var bins = mel.Slice(frame * ClipTiming.MelBins, ClipTiming.MelBins);
            TensorPrimitives.Add(bins, Math.Clamp((float)share * Between(missing, frame, control.Length) + control[frame] - inTokens[frame], -Limit, Limit), bins);
            TensorPrimitives.Max(bins, SilenceFloor.LogMel, bins);
        }
    }

    /// <summary>Value at the middle of a frame, on the lines between the middles of the tokens.</summary>
    static float Between(float[] tokens, int frame, int frames)
    {
        var at = Math.Clamp((frame + 0.5f) * tokens.Length / frames - 0.5f, 0, tokens.Length - 1);
        var first = Math.Min((int)at, tokens.Length - 2);
        return float.Lerp(tokens[first], tokens[first + 1], at - first);
    }
}
