using Rewas.Evaluation.Scenes.Filming;

namespace Rewas.Evaluation.Scenes.Kinds;

/// <summary>
/// The motion of a tool that strikes: it is raised (higher for harder strikes), falls, springs back and comes to rest. Heights are in the
/// caller's unit.
/// </summary>
/// <param name="FallSeconds">Time from the highest point to contact; shorter for quick successions.</param>
/// <param name="ReboundSeconds">Time of springing back after contact.</param>
/// <param name="RaiseSeconds">Longest time of being raised.</param>
/// <param name="Rebound">Height of springing back after the hardest strike.</param>
/// <param name="Lowest">Height from which the gentlest strike falls.</param>
/// <param name="Reach">Additional height for the hardest strike.</param>
/// <param name="Rest">Height far from any strike.</param>
readonly record struct Swing(
    double FallSeconds, double ReboundSeconds, double RaiseSeconds, double Rebound, double Lowest, double Reach, double Rest = 0)
{
    /// <summary>Height at a time; 0 at each strike.</summary>
    public double HeightAt(IReadOnlyList<SoundEvent> strikes, double time)
    {
        var next = 0;
        while (next < strikes.Count && strikes[next].TimeSeconds <= time)
            next++;
        var last = next > 0 ? strikes[next - 1].TimeSeconds : double.NegativeInfinity;
        var gap = next < strikes.Count ? strikes[next].TimeSeconds - last : double.PositiveInfinity;
        var (fallSeconds, reboundSeconds) = (Math.Min(FallSeconds, 0.45 * gap), Math.Min(ReboundSeconds, 0.5 * gap));
        var rebound = time - last < reboundSeconds
            ? Rebound * strikes[next - 1].Strength * Math.Sin(Math.PI * (time - last) / reboundSeconds)
            : 0;
        rebound = Math.Max(rebound, Rest * Smooth((time - last) / RaiseSeconds));
        if (next == strikes.Count)
            return rebound;
        var (strike, strength) = strikes[next];
        var height = Math.Max(Rest, Lowest + Reach * strength);
        var start = strike - fallSeconds;
        if (time >= start)
            return height * (1 - Math.Pow((time - start) / fallSeconds, 2));
        var raiseFrom = Math.Max(start - RaiseSeconds, last + reboundSeconds / 2);
        return Math.Max(rebound, height * Smooth((time - raiseFrom) / (start - raiseFrom)));
    }

    static double Smooth(double share)
    {
        var u = Math.Clamp(share, 0, 1);
        return u * u * (3 - 2 * u);
    }
}
