using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound.Mel;

namespace Rewas.Sound.Placement;

/// <summary>
/// A curve of tokens: values that last 46 or 80 ms each and are smoothed over 0.4 s. Predicted energies and controls are such curves.
/// Smoothing makes a hit rise long before its attack, so that the rise itself is no attack. Here the smoothing is undone. An attack lies
/// between two estimates. The peak, which a parabola interpolates, is late for a sound that decays slowly. The time at which the last token
/// before the peak must have risen is early for a short sound.
/// </summary>
sealed class TokenCurve
{
    const float LeastHeight = 0.3f;                                          // nepers above the tokens before
    const float Range = 2.5f;                                                // nepers below the loudest token
    const double PeakDelay = 3, RiseDelay = -1.5;                            // frames by which both estimates are late
    const double ReachBack = 32;                                             // frames before a peak in which it must rise
    const int Rounds = 30;                                                   // undoes the smoothing without raising noise
    const double LeastShare = 0.5;                                           // of the audible tokens that must be whole

    /// <summary>Both layouts of tokens, and how many positions a token can begin at.</summary>
    static readonly (ClipTiming Timing, double Frames, int Phases)[] Layouts =
    [
        (new() { TokenLayout = TokenLayout.TrueTimes, SegmentsPerWindow = 15 }, 8, 8),
        (new(), 32 / 7.0, 32),
    ];

    readonly SavitzkyGolay filter;
    readonly int[] edges;                                                    // first frame of each token, and the end of the curve
    readonly double frames;                                                  // of a token
    readonly float[] tokens;
    readonly bool[] whole;                                                   // whether a token is constant and no neighbour is like it

    TokenCurve(SavitzkyGolay filter, int[] edges, double frames, ReadOnlySpan<float> curve)
    {
        (this.filter, this.edges, this.frames) = (filter, edges, frames);
        tokens = new float[edges.Length - 1];
        for (var token = 0; token < tokens.Length; token++)
            tokens[token] = TensorPrimitives.Average(curve[edges[token]..edges[token + 1]]);
        whole = new bool[tokens.Length];
        for (var token = 0; token < tokens.Length; token++)
        {
            var first = curve[edges[token]];
            whole[token] = !curve[edges[token]..edges[token + 1]].ContainsAnyExcept(first)
                && (token == 0 || curve[edges[token] - 1] != first)
                && (token + 1 == tokens.Length || curve[edges[token + 1]] != first);
        }
    }

    /// <summary>Null if a curve is not made of tokens, for example because it was drawn.</summary>
    public static TokenCurve? Of(ReadOnlySpan<float> curve)
    {
        TokenCurve? best = null;
        var bestShare = LeastShare;
        foreach (var (timing, frames, phases) in Layouts)
        {
            var filter = SavitzkyGolay.OfEnergy(timing);
            for (var phase = 0; phase < phases; phase++)
            {
                var edges = Edges(curve.Length, frames, phase);
                if (edges.Length - 1 < filter.Window)
                    continue;
                var tokens = new TokenCurve(filter, edges, frames, curve);
                if (tokens.WholeShare() is var share && share > bestShare)
                    (best, bestShare) = (tokens, share);
            }
        }
        return best;
    }

    /// <summary>Whether a frame belongs to a token. Frames of a drawn edit do not.</summary>
    public bool Holds(int frame) => whole[TokenAt(frame)];

    /// <summary>The attacks of the frames that belong to tokens, in time order.</summary>
    public List<CurveRise> Rises()
    {
        var sharp = Unsmoothed();
        var rises = new List<CurveRise>();
        var least = TensorPrimitives.Max<float>(sharp) - Range;
        var back = (int)Math.Round(ReachBack / frames);
        for (var token = 1; token + 1 < sharp.Length; token++)
        {
            var (before, here, after) = (sharp[token - 1], sharp[token], sharp[token + 1]);
            if (!whole[token] || tokens[token] <= AudibleParts.Threshold || here < before || here <= after || here < least)
                continue;
            var low = TensorPrimitives.Min<float>(sharp.AsSpan(Math.Max(0, token - back)..token));
            var height = here - low;
            if (height < LeastHeight)
                continue;
            var bend = before - 2 * here + after;
            var shift = bend < 0 ? 0.5 * (before - after) / bend : 0;
            var peak = (edges[token] + edges[token + 1]) / 2.0 + shift * frames - PeakDelay;
            var nearLow = token > 1 ? Math.Min(before, sharp[token - 2]) : before;
            var rise = edges[token] - (before - nearLow) / (here - nearLow) * frames - RiseDelay;
            rises.Add(new(Math.Max(0, (peak + rise) / 2), here, height));
        }
        return rises;
    }

    /// <summary>Energies of a sound as a curve of such tokens. Frames that belong to no token keep their own.</summary>
    /// <param name="energy">At least as many frames as the curve.</param>
    public float[] Resolve(float[] energy)
    {
        var pooled = new float[tokens.Length];
        for (var token = 0; token < pooled.Length; token++)
            pooled[token] = TensorPrimitives.Average<float>(energy.AsSpan(edges[token]..edges[token + 1]));
        var smooth = filter.Smooth(pooled);
        float[] resolved = [.. energy];
        for (var token = 0; token < pooled.Length; token++)
            if (whole[token])
                resolved.AsSpan(edges[token]..edges[token + 1]).Fill(smooth[token]);
        return resolved;
    }

    /// <summary>The tokens before they were smoothed (Landweber 1951).</summary>
    float[] Unsmoothed()
    {
        float[] sharp = [.. tokens];
        var missing = new float[sharp.Length];
        for (var round = 0; round < Rounds; round++)
        {
            TensorPrimitives.Subtract(tokens, filter.Smooth(sharp), missing);
            TensorPrimitives.Add(sharp, filter.Smooth(missing), sharp);
        }
        return sharp;
    }

    double WholeShare()
    {
        var (audible, found) = (0, 0);
        for (var token = 0; token < tokens.Length; token++)
        {
            if (tokens[token] <= SilenceFloor.LogMel)
                continue;
            audible++;
            found += whole[token] ? 1 : 0;
        }
        return audible > 0 ? (double)found / audible : 0;
    }

    int TokenAt(int frame)
    {
        var place = Array.BinarySearch(edges, frame);
        return Math.Min(place < 0 ? ~place - 1 : place, tokens.Length - 1);
    }

    static int[] Edges(int length, double frames, int phase)
    {
        var edges = new List<int> { 0 };
        for (var token = 0L; edges[^1] < length; token++)
            if ((int)Math.Ceiling(token * frames - 1e-9) - phase is var edge && edge > edges[^1])
                edges.Add(Math.Min(edge, length));
        return [.. edges];
    }
}
