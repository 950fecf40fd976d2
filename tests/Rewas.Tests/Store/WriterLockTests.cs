using Dapper;
using Microsoft.Extensions.Options;
using Rewas.Store.Data;
using Rewas.Store.Settings;

namespace Rewas.Tests.Store;

public sealed class WriterLockTests
{
    /// <summary>The driver's own wait looks at the lock every 150 ms, which is longer than many requests take.</summary>
    [Fact]
    public async Task SQLite_itself_waits_for_the_lock_of_another_writer()
    {
        using var folder = new TemporaryFolder();
        await using var database = new StoreDatabase(Options.Create(new StoreOptions { Folder = folder.Path }));
        await using (var connection = await database.OpenAsync(TestContext.Current.CancellationToken))
            Assert.Equal(30_000, await connection.ExecuteScalarAsync<long>("PRAGMA busy_timeout"));

        await using var holder = database.Open();
        await using var held = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var waiting = Task.Run(() => database.ExecuteAsync("DELETE FROM rewas_claims", new { }, CancellationToken.None));
        Assert.False(waiting.IsCompleted);
        await held.RollbackAsync(TestContext.Current.CancellationToken);
        await waiting.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
    }
}
