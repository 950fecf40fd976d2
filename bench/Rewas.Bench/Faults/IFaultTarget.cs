namespace Rewas.Bench.Faults;

/// <summary>What the trial can disturb: a process of the fleet, or the database.</summary>
interface IFaultTarget
{
    string Name { get; }

    /// <summary>Members of one group replace each other.</summary>
    string Group { get; }

    /// <summary>Causes the fault, and ends it after the given time.</summary>
    /// <returns>What went wrong with the process itself; empty if nothing did.</returns>
    Task<string> SufferAsync(FaultKind kind, TimeSpan lasts);

    /// <summary>Waits until it serves again.</summary>
    Task ReadyAsync(CancellationToken cancellation);
}
