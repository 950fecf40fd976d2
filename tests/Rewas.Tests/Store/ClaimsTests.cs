using Rewas.Store.Data;

namespace Rewas.Tests.Store;

public sealed class ClaimsTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_replica_at_a_time_holds_a_thing()
    {
        using var folder = new TemporaryFolder();
        await using StoreReplica first = new(folder.Path), second = new(folder.Path);
        var claim = await first.Get<Claims>().TryTakeAsync("session 1", Token);
        Assert.NotNull(claim);
        Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
        Assert.Null(await first.Get<Claims>().TryTakeAsync("session 1", Token));
        await claim.DisposeAsync();
        await using var next = await second.Get<Claims>().TryTakeAsync("session 1", Token);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_holder_without_signs_of_life_is_replaced_and_can_change_nothing_any_more()
    {
        using var folder = new TemporaryFolder();
        await using StoreReplica frozen = new(folder.Path), second = new(folder.Path);
        await using var claim = await frozen.Get<Claims>().TryTakeAsync("session 1", Token);    // its clock stands still from now on
        Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
        foreach (var seconds in (int[])[4, 5])
        {
            second.Clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
        }
        second.Clock.Advance(TimeSpan.FromSeconds(1));
        await using var taken = await second.Get<Claims>().TryTakeAsync("session 1", Token);
        Assert.NotNull(taken);

        var database = frozen.Get<StoreDatabase>();
        await Assert.ThrowsAsync<ClaimLostException>(() => database.ChangeAsync(
            async transaction =>
            {
                await claim!.ThrowIfLostAsync(transaction);
                return true;
            },
            Token));
        Assert.True(await second.Get<StoreDatabase>().ChangeAsync(
            async transaction =>
            {
                await taken.ThrowIfLostAsync(transaction);
                return true;
            },
            Token));
        // When it wakes up, its next sign of life tells it.
        frozen.Clock.Advance(TimeSpan.FromSeconds(3));
        await Wait.UntilAsync(() => claim!.Lost.IsCancellationRequested, "the frozen holder knows");
    }

    [Fact]
    public async Task A_holder_that_shows_signs_of_life_is_not_replaced_however_far_its_clock_is_off()
    {
        using var folder = new TemporaryFolder();
        await using StoreReplica first = new(folder.Path), second = new(folder.Path);
        first.Clock.SetUtcNow(first.Clock.GetUtcNow().AddHours(5));          // the clocks of the two disagree by hours
        await using var claim = await first.Get<Claims>().TryTakeAsync("session 1", Token);
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
            foreach (var seconds in (int[])[5, 4])
            {
                second.Clock.Advance(TimeSpan.FromSeconds(seconds));
                Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
            }
            var before = await BeatAsync(second);
            await Wait.UntilAsync(
                async () =>
                {
                    first.Clock.Advance(TimeSpan.FromSeconds(1));
                    return await BeatAsync(second) != before;
                },
                "the holder has shown a sign of life");
        }
        Assert.False(claim!.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_holder_keeps_its_work_when_nobody_could_look_for_a_while()
    {
        using var folder = new TemporaryFolder();
        await using StoreReplica first = new(folder.Path), second = new(folder.Path);
        await using var claim = await first.Get<Claims>().TryTakeAsync("session 1", Token);
        Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
        second.Clock.Advance(TimeSpan.FromMinutes(1));                       // the database was frozen, or this replica
        Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
        second.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await second.Get<Claims>().TryTakeAsync("session 1", Token));
    }

    static async Task<long> BeatAsync(StoreReplica replica) => (await replica.Get<StoreDatabase>().QueryAsync<long>(
        "SELECT beat FROM rewas_claims", new { }, Token))[0];
}
