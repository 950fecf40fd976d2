using System.Diagnostics;

namespace Rewas.Bench.Faults;

/// <summary>A fault that the trial causes in a process.</summary>
enum FaultKind
{
    /// <summary>kill -9. The process is started again after a while.</summary>
    Killed,

    /// <summary>SIGSTOP. The connections stay open, and nothing answers.</summary>
    Frozen,

    /// <summary>The network link is down. Nothing arrives, and nobody is told.</summary>
    CutOff,

    /// <summary>SIGTERM. The process drains, ends and is started again.</summary>
    Restarted,
}

/// <param name="At">Time from the start of the trial.</param>
/// <param name="Lasted">Time from the fault until the process answered SERVING again.</param>
/// <param name="Remark">What went wrong with the process; empty if nothing did.</param>
sealed record FaultEvent(TimeSpan At, string Process, FaultKind Kind, TimeSpan Lasted, string Remark = "");

/// <summary>Disturbs one process at a time, chosen by a seeded generator, until the trial ends.</summary>
sealed class Disturbance(Fleet fleet, int seed)
{
    /// <summary>The first is too short for a ping to notice; the last is long enough.</summary>
    static readonly TimeSpan[] Durations = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12)];

    readonly Random random = new(seed);

    public List<FaultEvent> Events { get; } = [];

    public async Task RunAsync(CancellationToken end)
    {
        var start = Stopwatch.StartNew();
        var kinds = Enum.GetValues<FaultKind>();
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + 3 * random.NextDouble()), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (process, kind, duration) = (
                fleet.All[random.Next(fleet.All.Count)], kinds[random.Next(kinds.Length)], Durations[random.Next(Durations.Length)]);
            if (end.IsCancellationRequested)
                return;
            var (at, remark) = (start.Elapsed, "");
            switch (kind)
            {
                case FaultKind.Killed:
                    process.Kill();
                    await Task.Delay(duration, CancellationToken.None);
                    process.Start();
                    break;
                case FaultKind.Frozen:
                    process.Freeze();
                    await Task.Delay(duration, CancellationToken.None);
                    process.Thaw();
                    break;
                case FaultKind.CutOff:
                    VirtualNetwork.SetLink(process.Host, up: false);
                    await Task.Delay(duration, CancellationToken.None);
                    VirtualNetwork.SetLink(process.Host, up: true);
                    break;
                case FaultKind.Restarted:
                    remark = await Task.Run(process.Stop) ? "" : "had to be killed";
                    process.Start();
                    break;
            }
            await process.ReadyAsync(CancellationToken.None);
            Events.Add(new(at, process.Name, kind, start.Elapsed - at, remark));
            Console.Error.WriteLine(
                FormattableString.Invariant($"{at.TotalSeconds,6:F1} s  {process.Name} {kind}, {(start.Elapsed - at).TotalSeconds:F1} s"));
        }
    }
}
