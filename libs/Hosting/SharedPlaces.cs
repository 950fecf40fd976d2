using Rewas.Clip.Faults;

namespace Rewas.Hosting;

/// <summary>
/// Places for work of one kind, which callers share. A named caller gets at most its share. A caller without a name may be anybody, so no
/// share applies to it. A place that becomes free goes to the waiting caller that holds the fewest, and among those to the first.
/// </summary>
/// <param name="field">Named in errors.</param>
/// <param name="capacity">Number of places, and the setting that says so.</param>
/// <param name="share">Most places of one named caller, and the setting that says so.</param>
public sealed class SharedPlaces(string field, (int Most, string Setting) capacity, (int Most, string Setting) share)
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    readonly Dictionary<string, int> held = new(StringComparer.Ordinal);
    readonly List<Waiter> waiting = [];
    int taken;

    public int Capacity => capacity.Most;

    /// <summary>Number of callers that wait in <see cref="EnterAsync"/>.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Takes a place, released by disposal.</summary>
    /// <exception cref="InputFault">Exhausted: all places are taken, or all of the caller's share.</exception>
    public IDisposable Enter(string caller)
    {
        lock (gate)
        {
            if (taken >= capacity.Most)
                throw Refused($"all {capacity.Most} places are taken ({capacity.Setting})");
            if (!HasShare(caller))
                throw Refused($"a caller may have {share.Most} places, which are taken ({share.Setting})");
            return Take(caller);
        }
    }

    /// <summary>Waits for a place, released by disposal.</summary>
    public Task<IDisposable> EnterAsync(string caller, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (taken < capacity.Most && HasShare(caller))
                return Task.FromResult<IDisposable>(Take(caller));
            var waiter = new Waiter(caller);
            waiting.Add(waiter);
            waiter.Cancellation = cancellation.Register(() => Leave(waiter, cancellation));
            return waiter.Entered.Task;
        }
    }

    void Leave(Waiter waiter, CancellationToken cancellation)
    {
        lock (gate)
            if (!waiting.Remove(waiter))
                return;
        waiter.Entered.SetCanceled(cancellation);
    }

    bool HasShare(string caller) => caller.Length == 0 || held.GetValueOrDefault(caller) < share.Most;

    Place Take(string caller)
    {
        taken++;
        held[caller] = held.GetValueOrDefault(caller) + 1;
        return new Place(this, caller);
    }

    void Release(string caller)
    {
        lock (gate)
        {
            taken--;
            if (--held[caller] == 0)
                held.Remove(caller);
            // The share of this caller may be free now although all others wait for theirs.
            while (taken < capacity.Most
                && waiting.Where(one => HasShare(one.Caller)).MinBy(one => held.GetValueOrDefault(one.Caller)) is { } next)
            {
                waiting.Remove(next);
                next.Cancellation.Unregister();
                next.Entered.SetResult(Take(next.Caller));
            }
        }
    }

    InputFault Refused(string message) => new(FaultKind.Exhausted, field, message) { RetryAfter = RetryAfter };

    sealed class Waiter(string caller)
    {
        public string Caller => caller;

        public TaskCompletionSource<IDisposable> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Cancellation { get; set; }
    }

    sealed class Place(SharedPlaces places, string caller) : IDisposable
    {
        int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
                places.Release(caller);
        }
    }
}
