using System.Collections.Concurrent;

namespace Rewas.Agent.Turns;

/// <summary>Wakes the calls of this process that follow a session. Calls of other replicas look by themselves.</summary>
public sealed class TurnSignals
{
    readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new(StringComparer.Ordinal);

    /// <summary>Completes at the next change. Take it before you look.</summary>
    public Task Next(string session) => waiting.GetOrAdd(
        session, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Signal(string session)
    {
        if (waiting.TryRemove(session, out var waiter))
            waiter.SetResult();
    }
}
