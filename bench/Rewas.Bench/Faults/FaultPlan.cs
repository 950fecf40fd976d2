namespace Rewas.Bench.Faults;

/// <param name="Target">The process.</param>
/// <param name="Lasts">Time until the process may work again. It needs some more to start or to be found.</param>
/// <param name="After">Part of the trial's time that passes first, 0 to 1.</param>
sealed record PlannedFault(IFaultTarget Target, FaultKind Kind, TimeSpan Lasts, double After = 0);

/// <summary>
/// The faults of a trial, in order. Each kind that the trial promises comes at least once. A seeded generator chooses the rest. Processes
/// of one group replace each other, so the trial disturbs one of them at a time.
/// </summary>
static class FaultPlan
{
    /// <summary>The first is too short for a ping to notice; the last is long enough.</summary>
    static readonly TimeSpan[] Durations = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12)];

    static readonly TimeSpan Long = TimeSpan.FromSeconds(60), Middle = TimeSpan.FromSeconds(12), Short = TimeSpan.FromSeconds(5);

    /// <summary>Faults between the beginnings of two long ones.</summary>
    const int BetweenLong = 6;

    /// <summary>Part of the time after which replicas are lost for good. The rolling update is over by then.</summary>
    const double Losses = 0.8;

    /// <summary>Processes that store files in their temporary folder.</summary>
    static readonly string[] Storing = ["VideoEncoder", "Agent", "Jobs"];

    static readonly FaultKind[] Usual = [FaultKind.Killed, FaultKind.Frozen, FaultKind.CutOff, FaultKind.Restarted];

    /// <summary>Least number of faults of a whole trial, with every kind of fault.</summary>
    public const int Whole = 40;

    /// <param name="count">Least number of faults.</param>
    /// <param name="few">True for a short trial: the faults that take long are left out.</param>
    public static IReadOnlyList<PlannedFault> Create(Fleet fleet, int count, int seed, bool few)
    {
        var random = new Random(seed);
        List<PlannedFault> plan = [];
        if (!few)
        {
            plan.AddRange(Required(fleet, random));
            plan.AddRange(fleet.All.Select(process => new PlannedFault(process, FaultKind.Updated, TimeSpan.Zero)));
        }
        while (plan.Count < count)
            plan.Add(new(
                fleet.All[random.Next(fleet.All.Count)], Usual[random.Next(Usual.Length)], Durations[random.Next(Durations.Length)]));
        var mixed = plan.Where(fault => fault.Lasts < Long).ToArray();
        random.Shuffle(mixed);
        // Long faults begin early, one after another, so that they end before replicas are lost.
        var all = mixed.ToList();
        foreach (var (i, fault) in plan.Where(fault => fault.Lasts >= Long).Index())
            all.Insert(Math.Min(i * BetweenLong, all.Count), fault);
        return [.. all, .. few ? [] : Gone(fleet)];
    }

    static IEnumerable<PlannedFault> Required(Fleet fleet, Random random)
    {
        FleetProcess One(string group) => Of(fleet, group)[random.Next(Of(fleet, group).Count)];
        foreach (var group in (string[])["Gateway", "AudioDiffusion", "VideoEncoder"])
            yield return new(One(group), FaultKind.Frozen, Long);
        foreach (var group in Storing)
            yield return new(One(group), FaultKind.DiskFull, Middle);
        if (FaultyClock.IsInstalled)
            foreach (var group in (string[])["Gateway", "AudioDiffusion", "Jobs"])
                yield return new(One(group), FaultKind.ClockJumped, Short);
        yield return new(fleet.Database, FaultKind.Restarted, TimeSpan.Zero);
        yield return new(fleet.Database, FaultKind.Frozen, Short);
    }

    /// <summary>One replica of each kind that has another.</summary>
    static IEnumerable<PlannedFault> Gone(Fleet fleet) =>
        fleet.All.GroupBy(process => process.Group)
            .Where(group => group.Count() > 1)
            .Select(group => new PlannedFault(group.Last(), FaultKind.Gone, TimeSpan.Zero, Losses));

    static List<FleetProcess> Of(Fleet fleet, string group) => [.. fleet.All.Where(process => process.Group == group)];
}
