using Rewas.Jobs.Data;
using Rewas.Store.Data;

namespace Rewas.Jobs.Running;

/// <summary>
/// How long a run may keep its place. While jobs of other callers wait, callers take turns: a run makes way when it has lasted for some
/// time, and the other caller has none that runs, or at least two fewer.
/// </summary>
/// <param name="length">Time for which a run keeps its place in any case.</param>
sealed class RunTurn(RunTable runs, string job, string caller, TimeSpan length, TimeProvider time, StoreClock clock)
{
    readonly long begun = time.GetTimestamp();
    volatile bool isOver;
    int making;

    /// <summary>Whether no worker of the run makes an item.</summary>
    public bool IsIdle => Volatile.Read(ref making) == 0;

    /// <summary>Whether the run must end between two items.</summary>
    public async Task<bool> IsOverAsync(CancellationToken cancellation)
    {
        if (!isOver && time.GetElapsedTime(begun) >= length)
            isOver = MakesWay(await runs.OpenAsync(cancellation), job, caller, clock.Now);
        return isOver;
    }

    /// <summary>Makes an item.</summary>
    public async Task DoAsync(Func<Task> make)
    {
        Interlocked.Increment(ref making);
        try
        {
            await make();
        }
        finally
        {
            Interlocked.Decrement(ref making);
        }
    }

    /// <param name="open">Oldest first. Of several jobs of a caller, the youngest makes way.</param>
    internal static bool MakesWay(IReadOnlyList<OpenJob> open, string job, string caller, DateTimeOffset now)
    {
        var mine = open.Where(other => other.Caller == caller && (other.Making > 0 || other.Id == job)).ToList();
        return mine.Count > 0 && mine[^1].Id == job
            && open.Any(other => other.Caller != caller && other.Waits(now)
                && open.Count(running => running.Caller == other.Caller && running.Making > 0) is var theirs
                && (theirs == 0 || mine.Count > theirs + 1));
    }
}
