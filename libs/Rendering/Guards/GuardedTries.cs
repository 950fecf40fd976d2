using Rewas.V1;

namespace Rewas.Rendering.Guards;

/// <summary>Makes a sound, and makes it again with fresh seeds while something unwanted is heard in it.</summary>
static class GuardedTries
{
    /// <summary>
    /// :: Step 1: make the sound with the order's seed. :: Step 2: try fresh seeds until one is clean. :: Step 3: choose the clean one, or
    /// else the one in which the unwanted is weakest.
    /// </summary>
    /// <param name="duration">Length of the sound. See <see cref="FreshSeeds.LongestAgain"/>.</param>
    /// <param name="make">Makes a try and hears it: its number from 0, its seed, and whether it is given out whatever is heard.</param>
    /// <param name="discard">Frees a try that was not chosen.</param>
    /// <returns>The chosen try. Null instead of how it was guarded if nobody listened.</returns>
    public static async Task<(T Made, GuardUsed? Used)> RunAsync<T>(
        GenerateOptions options, TimeSpan duration, Func<int, ulong, bool, Task<(T Made, GuardReport? Report)>> make,
        Func<T, ValueTask> discard)
    {
        // :: Step 1
        var unwanted = UnwantedKinds.Of(options);
        var further = duration > FreshSeeds.LongestAgain ? 0 : options.HasFreshSeeds ? options.FreshSeeds : FreshSeeds.Usual;
        var (best, report) = await make(0, options.Seed, further == 0);
        if (report is null)
            return (best, null);
        var (tries, chosen) = (new List<GuardTry> { new(options.Seed, report) }, 0);

        // :: Step 2
        while (tries[chosen].Report.Has(unwanted) && tries.Count <= further)
        {
            var seed = FreshSeeds.Of(options.Seed, tries.Count);
            var (made, heard) = await make(tries.Count, seed, false);
            tries.Add(new(seed, heard!));

            // :: Step 3
            var isBetter = heard!.Strongest(unwanted) < tries[chosen].Report.Strongest(unwanted);
            await discard(isBetter ? best : made);
            if (isBetter)
                (best, chosen) = (made, tries.Count - 1);
        }
        var used = new GuardUsed(tries[chosen].Report, unwanted, tries) { Chosen = chosen };
        GuardMetrics.Count(used);
        return (best, used);
    }
}
