using System.Numerics.Tensors;
using Rewas.Sound.Mel;

namespace Rewas.Sound.Placement;

/// <summary>A steep rise of an energy curve.</summary>
/// <param name="Frame">Time of the attack, in frames; fractional.</param>
/// <param name="Peak">Energy after the rise, nepers.</param>
/// <param name="Height">Height of the rise, nepers.</param>
readonly record struct CurveRise(double Frame, float Peak, float Height)
{
    const int ReachBack = 20, ReachOn = 8, Apart = 8;                        // frames: 200, 80 and 80 ms
    const float LeastHeight = 1;                                             // nepers, 9 dB
    const float Near = 0.7f, Far = 2.5f;                                     // nepers below the peak: half and a twelfth of its amplitude

    /// <summary>
    /// Correction for the 64 ms window of a measured curve, whose energy rises before the sound does. The attack is later than the point at
    /// half the peak. The delay is about as long as the rise from a twelfth to a half. A drawn curve rises at once and needs no correction.
    /// </summary>
    const double WindowShare = 0.8, MostLateness = 1.6;

    /// <summary>Finds all rises of a curve in time order. Where the curve is made of tokens, their peaks count.</summary>
    public static List<CurveRise> Find(ReadOnlySpan<float> energy)
    {
        if (TokenCurve.Of(energy) is not { } tokens)
            return FindSteep(energy);
        var last = energy.Length - 1;
        var drawn = FindSteep(energy).Where(rise => !tokens.Holds(Math.Min((int)rise.Frame, last)));
        return [.. tokens.Rises().Concat(drawn).OrderBy(rise => rise.Frame)];
    }

    /// <summary>Rises of a curve that changes from frame to frame, at least 80 ms apart.</summary>
    public static List<CurveRise> FindSteep(ReadOnlySpan<float> energy)
    {
        var steps = new float[energy.Length];                                // rise of each frame above the previous one
        for (var i = 0; i < steps.Length; i++)
            steps[i] = energy[i] - (i == 0 ? SilenceFloor.LogMel : energy[i - 1]);
        var rises = new List<CurveRise>();
        for (var i = 0; i < steps.Length; i++)
        {
            var round = steps.AsSpan(Math.Max(0, i - Apart)..Math.Min(steps.Length, i + Apart + 1));
            if (steps[i] <= 0 || steps[i] < TensorPrimitives.Max<float>(round) || (rises.Count > 0 && i - rises[^1].Frame < Apart))
                continue;
            if (At(energy, i) is { } rise)
                rises.Add(rise);
        }
        return rises;
    }

    static CurveRise? At(ReadOnlySpan<float> energy, int steepest)
    {
        var top = steepest + TensorPrimitives.IndexOfMax(energy[steepest..Math.Min(energy.Length, steepest + ReachOn)]);
        var peak = energy[top];
        var bottom = steepest < ReachBack ? SilenceFloor.LogMel : float.MaxValue;   // silence precedes the sound
        foreach (var value in energy[Math.Max(0, steepest - ReachBack)..steepest])
            bottom = Math.Min(bottom, value);
        if (steepest < ReachBack && steepest > 0)
            bottom = TensorPrimitives.Min(energy[..steepest]);
        if (peak - bottom < LeastHeight)
            return null;
        var half = Crossing(energy, top, peak - Math.Min(Near, (peak - bottom) / 2));
        var far = Crossing(energy, top, peak - Math.Min(Far, (peak - bottom) * 0.9f));
        return new(half + Math.Min(MostLateness, WindowShare * (half - far)), peak, peak - bottom);
    }

    /// <summary>The last crossing of a level before a frame.</summary>
    static double Crossing(ReadOnlySpan<float> energy, int from, float level)
    {
        var frame = from;
        while (frame > 0 && energy[frame - 1] >= level)
            frame--;
        if (frame == 0)
            return 0;
        var (below, above) = (energy[frame - 1], energy[frame]);
        return above <= below ? frame : frame - (above - level) / (above - below);
    }
}
