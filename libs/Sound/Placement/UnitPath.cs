using System.Numerics.Tensors;

namespace Rewas.Sound.Placement;

/// <summary>
/// Chooses the unit at each step of 80 ms by dynamic programming over the best units, in stretches of 2.5 s. The units at the borders of a
/// stretch depend only on the curve near them. So an edit of the curve changes only the stretches that it touches, and time and memory grow
/// linearly with the length.
/// </summary>
/// <param name="curve">Energy, as long as all placed units together.</param>
/// <param name="banned">Parts of recordings that are avoided in parts of the sound.</param>
sealed class UnitPath(UnitGrid units, float[] curve, uint seed, IReadOnlyList<BannedUnits> banned)
{
    const float BannedCost = 1000;                                           // any other unit is cheaper
    const int Stretch = 32;                                                  // steps: 2.56 s
    const int Beam = 40;                                                     // units that are followed from one step to the next
    const float JumpCost = 0.3f, BreakCost = 0.2f;                           // cost of any jump; weight of its spectral discontinuity
    const float SteadyJumpCost = 2, SteadyBreakCost = 1;                     // into a steady sound, which a gain moves as well as a jump
    const float Chance = 0.25f;                                              // keeps a short sound under a long curve from looping

    readonly SeededChoice borders = new(seed, purpose: 0x626F7264), jumps = new(seed, purpose: 0x6A756D70);
    readonly float[] costs = new float[units.Count];
    readonly int[] bans = new int[units.Count + 1];                          // how many bans begin at a unit, less those that end before it
    readonly List<(BannedUnits Part, Range Units)> bannedRanges = [.. banned.Select(part => (part, units.Inside(part)))];

    /// <summary>The units of all steps, [steps].</summary>
    public int[] Find(int steps, CancellationToken cancellation)
    {
        var path = new int[steps];
        int? start = null;
        for (var first = 0; first < steps; first += Stretch)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = first + Stretch;
            int? end = next < steps ? Border(next) : null;
            Find(first, Math.Min(next, steps - 1), start, end, path);
            start = end;
        }
        return path;
    }

    /// <summary>The unit at the border of two stretches, chosen at random among the best.</summary>
    int Border(int step)
    {
        CostsAt(step);
        var (best, bestCost) = (0, float.PositiveInfinity);
        for (var unit = 0; unit < costs.Length; unit++)
            if (costs[unit] + Chance * borders.Share(step, unit) is var cost && cost < bestCost)
                (best, bestCost) = (unit, cost);
        return best;
    }

    /// <summary>Finds the cheapest path between two steps, both included.</summary>
    void Find(int first, int last, int? start, int? end, int[] path)
    {
        var candidates = new int[last - first + 1][];
        var before = new int[last - first + 1][];
        var total = Array.Empty<float>();
        for (var step = first; step <= last; step++)
        {
            CostsAt(step);
            var here = candidates[step - first] = step == first && start is { } given ? [given]
                : step == last && end is { } goal ? [goal]
                : Candidates(
                    step > first ? candidates[step - first - 1] : [], total,
                    end is { } to ? units.Neighbour(to, -(last - step) * UnitGrid.Step) : -1);
            (total, before[step - first]) = step == first
                ? (Array.ConvertAll(here, unit => costs[unit]), [])
                : Arrive(candidates[step - first - 1], total, here, step);
        }
        var at = TensorPrimitives.IndexOfMin<float>(total);
        for (var step = last; step >= first; step--)
        {
            path[step] = candidates[step - first][at];
            at = step > first ? before[step - first][at] : at;
        }
    }

    (float[] Total, int[] Before) Arrive(int[] from, float[] total, int[] here, int step)
    {
        var (arrived, before) = (new float[here.Length], new int[here.Length]);
        for (var i = 0; i < here.Length; i++)
        {
            var (jumpCost, breakCost) = units.IsSteady(here[i]) ? (SteadyJumpCost, SteadyBreakCost) : (JumpCost, BreakCost);
            var jump = jumpCost + Chance * jumps.Share(step, here[i]);
            var (best, bestFrom) = (float.PositiveInfinity, 0);
            for (var j = 0; j < from.Length; j++)
            {
                var cost = total[j];
                if (units.Neighbour(from[j], UnitGrid.Step) != here[i])
                    cost = cost + jump >= best ? float.PositiveInfinity : cost + jump + breakCost * units.Break(from[j], here[i]);
                if (cost < best)
                    (best, bestFrom) = (cost, j);
            }
            (arrived[i], before[i]) = (best + costs[here[i]], bestFrom);
        }
        return (arrived, before);
    }

    /// <summary>The best units, those that continue the cheapest paths, and the one that leads to the end.</summary>
    /// <param name="total">Cost of the cheapest path to each unit of the previous step.</param>
    int[] Candidates(int[] previous, float[] total, int towardsEnd)
    {
        var chosen = new HashSet<int>(2 * Beam);
        var best = new PriorityQueue<int, float>(Beam + 1);                  // the worst comes first
        for (var unit = 0; unit < costs.Length; unit++)
            if (best.Count < Beam)
                best.Enqueue(unit, -costs[unit]);
            else if (best.TryPeek(out _, out var worst) && -costs[unit] > worst)
                best.EnqueueDequeue(unit, -costs[unit]);
        foreach (var (unit, _) in best.UnorderedItems)
            chosen.Add(unit);
        // Not the cheapest units: going on with a long run would end as soon as another unit fits a little better.
        var paths = previous.Zip(total).Select(path => (Unit: units.Neighbour(path.First, UnitGrid.Step), Total: path.Second))
            .Where(path => path.Unit >= 0);
        foreach (var (unit, _) in paths.OrderBy(path => path.Total + costs[path.Unit]).Take(Beam))
            chosen.Add(unit);
        if (towardsEnd >= 0)
            chosen.Add(towardsEnd);
        int[] sorted = [.. chosen];
        Array.Sort(sorted);                                                  // makes ties independent of the platform
        return sorted;
    }

    void CostsAt(int step)
    {
        var frame = step * UnitGrid.Step;
        units.Costs(curve.AsSpan(frame, UnitGrid.Length), costs);
        if (bannedRanges.Count == 0)
            return;
        Array.Clear(bans);
        foreach (var (part, inside) in bannedRanges)
            if (frame < part.End && frame + UnitGrid.Length > part.Start)
            {
                bans[inside.Start.Value]++;
                bans[inside.End.Value]--;
            }
        for (var (unit, here) = (0, 0); unit < costs.Length; unit++)
            if ((here += bans[unit]) > 0)
                costs[unit] += BannedCost;
    }
}

/// <summary>A part of a recording that is avoided in a part of the sound. All values are frames of 10 ms.</summary>
readonly record struct BannedUnits(int Recording, double SourceStart, double SourceEnd, double Start, double End);
