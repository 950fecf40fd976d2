using Microsoft.Extensions.Options;
using Rewas.Jobs.Data;
using Rewas.Jobs.Settings;
using Rewas.Store.Data;
using Rewas.Tests.Store;

namespace Rewas.Tests.Services.Jobs;

public class RunTableTests
{
    const int MostAttempts = 8;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_whose_process_has_died_waits_again_unless_another_run_has_begun()
    {
        using var folder = new TemporaryFolder();
        await using var replica = new StoreReplica(folder.Path);
        var (database, clock) = (replica.Get<StoreDatabase>(), replica.Get<StoreClock>());
        var (jobs, runs) = (new JobTable(database, Options.Create(new JobsOptions()), clock), new RunTable(database, clock));
        var job = await jobs.OpenAsync("ann", new() { IdempotencyKey = "key", Items = 1 }, Token);
        await jobs.AddItemAsync(job, number: 0, new() { Name = "clip" }, video: "", videoBytes: 0, Token);
        await jobs.SubmittedAsync(job, Token);

        var (died, _) = (await runs.BeginAsync(job.Id, MostAttempts, Token))!.Value;
        Assert.NotNull(await runs.ClaimAsync(job.Id, died, Token));
        var seen = Assert.Single(await runs.OpenAsync(Token));
        Assert.False(seen.Waits(clock.Now));

        await runs.LoseAsync(seen, MostAttempts, Token);
        Assert.True(Assert.Single(await runs.OpenAsync(Token)).Waits(clock.Now));

        var (next, _) = (await runs.BeginAsync(job.Id, MostAttempts, Token))!.Value;
        Assert.NotNull(await runs.ClaimAsync(job.Id, next, Token));
        await runs.LoseAsync(seen, MostAttempts, Token);                     // the look is older than the run
        Assert.True(await runs.CountsAsync(job.Id, next, Token));
        Assert.False(Assert.Single(await runs.OpenAsync(Token)).Waits(clock.Now));
    }
}
