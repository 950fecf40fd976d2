using System.Numerics.Tensors;
using Rewas.Audio;

namespace Rewas.Placement;

/// <summary>A place where an energy curve rises steeply.</summary>
/// <param name="Frame">Where the attack is heard, in frames; between two of them where the curve says so.</param>
/// <param name="Peak">Energy that it rises to, nepers.</param>
/// <param name="Height">How far it rises, nepers.</param>
readonly record struct CurveRise(double Frame, float Peak, float Height)
{
    const int ReachBack = 20, ReachOn = 8, Apart = 8;                        // frames: 200, 80 and 80 ms
    const float LeastHeight = 1;                                             // nepers, 9 dB
    const float Near = 0.7f, Far = 2.5f;                                     // nepers under the peak: half of its amplitude, a twelfth

    /// <summary>
    /// The attack of a curve that was measured lies later than where the curve is within half of the peak, since a frame hears what its window of 64 ms
    /// reaches. A window's own rise takes as long from a twelfth to a half as the half comes too early; a curve that was drawn rises at once.
    /// </summary>
    const double WindowShare = 0.8, MostLateness = 1.6;

    /// <summary>All rises of a curve in order of time, at least 80 ms apart.</summary>
    public static List<CurveRise> Find(ReadOnlySpan<float> energy)
    {
        var steps = new float[energy.Length];                                // by how much each frame lies above the one before
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
        var bottom = steepest < ReachBack ? SilenceFloor.LogMel : float.MaxValue;   // before the sound there is silence
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

    /// <summary>Where the curve last passes a level before a frame.</summary>
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
