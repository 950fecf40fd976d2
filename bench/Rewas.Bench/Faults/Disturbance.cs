using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rewas.Bench.Faults;

/// <summary>
/// Causes the faults of a plan, several at a time, but one at a time in a group of processes that replace each other. A group that lost a
/// process for good is left alone.
/// </summary>
sealed class Disturbance(IReadOnlyList<PlannedFault> plan, int seed)
{
    const int AtATime = 5;

    readonly Random random = new(seed);
    readonly HashSet<string> busy = [];
    readonly List<PlannedFault> left = [.. plan];
    readonly ConcurrentQueue<FaultEvent> events = [];

    /// <summary>In the order of their beginnings.</summary>
    public IReadOnlyList<FaultEvent> Events => [.. events.OrderBy(fault => fault.At)];

    /// <param name="duration">Faults begin within this time, the last a little before its end.</param>
    public async Task RunAsync(TimeSpan duration, CancellationToken end)
    {
        var start = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested && start.Elapsed < duration)
                {
                    if (Next(start.Elapsed / duration) is { } fault)
                        await CauseAsync(fault, start);
                    double pause;
                    lock (random)
                        pause = random.NextDouble();
                    await Task.Delay(TimeSpan.FromSeconds(0.5 + pause), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            },
            CancellationToken.None)));
    }

    /// <summary>Takes the next fault whose time has come and whose group has no other.</summary>
    PlannedFault? Next(double passed)
    {
        lock (left)
        {
            var next = left.FirstOrDefault(fault => fault.After <= passed && !busy.Contains(fault.Target.Group));
            // When replicas are lost, other faults of their groups are left out.
            if (next is { After: 0 } && left.FirstOrDefault(fault => fault.After > 0 && fault.After <= passed) is { } due)
                next = left.FirstOrDefault(fault => fault.After > 0 && fault.After <= passed && !busy.Contains(fault.Target.Group)) ?? next;
            if (next is null)
                return null;
            left.Remove(next);
            busy.Add(next.Target.Group);
            return next;
        }
    }

    async Task CauseAsync(PlannedFault fault, Stopwatch start)
    {
        var at = start.Elapsed;
        var remark = await fault.Target.SufferAsync(fault.Kind, fault.Lasts);
        if (fault.Kind != FaultKind.Gone)
        {
            await fault.Target.ReadyAsync(CancellationToken.None);
            lock (left)
                busy.Remove(fault.Target.Group);
        }
        var lasted = fault.Kind == FaultKind.Gone ? TimeSpan.Zero : start.Elapsed - at;
        events.Enqueue(new(at, fault.Target.Name, fault.Kind, lasted, remark));
        Console.Error.WriteLine(
            FormattableString.Invariant($"{at.TotalSeconds,6:F1} s  {fault.Target.Name} {fault.Kind}, {lasted.TotalSeconds:F1} s"));
    }
}
