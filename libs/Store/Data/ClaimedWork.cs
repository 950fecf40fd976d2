using Microsoft.Extensions.Options;
using Rewas.Store.Settings;

namespace Rewas.Store.Data;

/// <summary>
/// Work that rows of the database ask for, by key. One replica at a time works on a key, and holds its claim meanwhile. The others wait.
/// If that replica dies, another one goes on with the work.
/// </summary>
/// <typeparam name="TWork">What is to be done for a key.</typeparam>
public abstract class ClaimedWork<TWork>(Claims claims, IOptions<StoreOptions> configured, TimeProvider time) : IAsyncDisposable
    where TWork : class
{
    readonly StoreOptions options = configured.Value;
    readonly Dictionary<string, Running> running = new(StringComparer.Ordinal);
    readonly CancellationTokenSource ending = new();

    /// <summary>Cancelled when this process stops working.</summary>
    protected CancellationToken Ending => ending.Token;

    protected TimeProvider Time => time;

    /// <summary>Time between two looks at the database.</summary>
    protected TimeSpan PollInterval => options.PollInterval;

    /// <summary>Sees to it that all work of a key is done, here or at another replica. Returns at once.</summary>
    public void Ensure(string key)
    {
        lock (running)
            if (ending.IsCancellationRequested)
                return;
            else if (running.TryGetValue(key, out var known))
                known.IsAskedAgain = true;
            else
            {
                var begun = new Running();
                running[key] = begun;
                begun.Task = Task.Run(() => RunAsync(key, begun));
            }
    }

    /// <summary>Ends when this process has nothing more to do for a key.</summary>
    public Task Ended(string key)
    {
        lock (running)
            return running.TryGetValue(key, out var known) ? known.Task : Task.CompletedTask;
    }

    /// <summary>Breaks off the running work. Another replica, or the next start, goes on with it.</summary>
    public async Task StopAsync()
    {
        await ending.CancelAsync();
        Task[] tasks;
        lock (running)
            tasks = [.. running.Values.Select(known => known.Task)];
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await StopAsync();
        ending.Dispose();
    }

    /// <summary>The name of a key's claim.</summary>
    protected abstract string ClaimOf(string key);

    /// <summary>What is to be done for a key now. Null if nothing is left.</summary>
    protected abstract Task<TWork?> NextAsync(string key, CancellationToken cancellation);

    /// <summary>Does the work. It ends early, with any exception, when the claim is lost or this process stops working.</summary>
    protected abstract Task DoAsync(TWork work, Claim claim);

    /// <summary>Tells that the work could not be done. It is tried again.</summary>
    protected abstract void Broke(Exception failure, string key);

    async Task RunAsync(string key, Running own)
    {
        while (true)
        {
            await DoAllAsync(key);
            lock (running)
                if (!own.IsAskedAgain || ending.IsCancellationRequested)
                {
                    running.Remove(key);
                    break;
                }
                else
                    own.IsAskedAgain = false;
        }
        claims.Forget(ClaimOf(key));
    }

    async Task DoAllAsync(string key)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                if (await NextAsync(key, ending.Token) is null)
                    return;
                if (await claims.TryTakeAsync(ClaimOf(key), ending.Token) is { } claim)
                {
                    // Its last holder may have ended the work between the look and the claim.
                    await using (claim)
                        if (await NextAsync(key, ending.Token) is { } work)
                            await DoAsync(work, claim);
                    continue;
                }
                await Task.Delay(PollInterval, time, ending.Token);          // another replica does it
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is ClaimLostException or OperationCanceledException)
            {
                // Another replica goes on, or the work is not wanted any more.
            }
            catch (Exception failure)
            {
                Broke(failure, key);
                await Task.Delay(options.TakeOverAfter, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    sealed class Running
    {
        public Task Task = Task.CompletedTask;

        /// <summary>Whether work may have come after the last look for it.</summary>
        public bool IsAskedAgain;
    }
}
