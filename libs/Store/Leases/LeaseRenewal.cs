using System.Data.Common;

namespace Rewas.Store.Leases;

/// <summary>Renews leases while they are in use, until it is disposed.</summary>
public sealed class LeaseRenewal : IAsyncDisposable
{
    readonly CancellationTokenSource end = new();
    readonly Task renewing;

    public LeaseRenewal(LeaseTable leases, string id, TimeSpan lifetime, TimeProvider time) =>
        renewing = RenewAsync(leases, id, lifetime, time);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await renewing;
        end.Dispose();
    }

    async Task RenewAsync(LeaseTable leases, string id, TimeSpan lifetime, TimeProvider time)
    {
        try
        {
            while (true)
            {
                try
                {
                    await leases.RenewAsync(id, lifetime, end.Token);
                }
                catch (DbException)
                {
                    // The next renewal comes in time.
                }
                await Task.Delay(lifetime / 3, time, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
