namespace Rewas.SoundStudio;

/// <summary>
/// Work by key that several callers may want at once, such as the copying of a file. It is done once for all that wait for it, and stops
/// when the last of them gives up. No key waits for another one. After a failure the next caller begins the work anew.
/// </summary>
sealed class SharedWork
{
    readonly Dictionary<string, Running> running = new(StringComparer.Ordinal);

    /// <summary>Waits until the work of a key is done.</summary>
    /// <param name="work">Begun unless it runs already. Its token is cancelled when nobody waits any more.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task WaitAsync(string key, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        Running joined;
        while (!TryJoin(key, work, out joined))
            await Task.WhenAny(joined.Task).WaitAsync(cancellation);         // all others have just given up; it ends soon
        try
        {
            await joined.Task.WaitAsync(cancellation);
        }
        finally
        {
            await LeaveAsync(joined);
        }
    }

    /// <returns>False if the work is being stopped.</returns>
    bool TryJoin(string key, Func<CancellationToken, Task> work, out Running joined)
    {
        lock (running)
        {
            if (running.TryGetValue(key, out var known))
                joined = known;
            else
            {
                var begun = new Running();
                running[key] = joined = begun;
                begun.Task = Task.Run(() => DoAsync(key, work, begun.Stop.Token));
            }
            if (joined.IsStopped)
                return false;
            joined.Waiting++;
            return true;
        }
    }

    async Task LeaveAsync(Running left)
    {
        lock (running)
        {
            if (--left.Waiting > 0)
                return;
            left.IsStopped = true;
        }
        await left.Stop.CancelAsync();
        await left.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        left.Stop.Dispose();
    }

    async Task DoAsync(string key, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
        }
        finally
        {
            lock (running)
                running.Remove(key);
        }
    }

    sealed class Running
    {
        public Task Task { get; set; } = Task.CompletedTask;

        public CancellationTokenSource Stop { get; } = new();

        /// <summary>Number of callers that wait for it.</summary>
        public int Waiting { get; set; }

        /// <summary>True when nobody may join any more.</summary>
        public bool IsStopped { get; set; }
    }
}
