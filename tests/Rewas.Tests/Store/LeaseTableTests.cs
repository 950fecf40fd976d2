using Rewas.Clip.Faults;
using Rewas.Store.Data;
using Rewas.Store.Leases;

namespace Rewas.Tests.Store;

public sealed class LeaseTableTests
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10), AsTheParent = TimeSpan.FromDays(36_500);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_created_under_a_parent_that_is_gone_or_has_ended()
    {
        using var folder = new TemporaryFolder();
        await using var replica = new StoreReplica(folder.Path);
        var leases = replica.Get<LeaseTable>();
        var (deleted, ended) = (await CreateAsync(leases), await CreateAsync(leases));
        await leases.DeleteAsync(deleted.Id, Token);
        replica.Clock.Advance(2 * Lifetime);

        foreach (var parent in (LeaseRow[])[deleted, ended])
        {
            var fault = await Assert.ThrowsAsync<InputFault>(() => CreateAsync(leases, parent));
            Assert.Equal((FaultKind.NotFound, "video"), (fault.Kind, fault.Field));
            Assert.Empty(await leases.ChildrenAsync(parent.Id, Token));
        }
    }

    [Fact]
    public async Task What_was_added_before_a_lease_could_be_deleted_goes_with_it()
    {
        using var folder = new TemporaryFolder();
        await using var replica = new StoreReplica(folder.Path);
        var (leases, database) = (replica.Get<LeaseTable>(), replica.Get<StoreDatabase>());
        var video = await CreateAsync(leases);
        // In PostgreSQL the deletion waits for the row of the lease, while another transaction that holds the row adds to the lease.
        await database.ExecuteAsync(
            """
            CREATE TRIGGER another BEFORE DELETE ON rewas_leases WHEN OLD.kind = 'video' BEGIN
                INSERT INTO rewas_leases (id, kind, caller, idempotency_key, request_sha256, parent, bytes, state, document, progress,
                    revision, created, ends) VALUES ('render', 'video-render', '', '', '', OLD.id, 1, 0, x'', x'', 1, 0, 9);
                INSERT INTO rewas_parts (owner, name, first, bytes, key) VALUES (OLD.id, 'video', 0, 1, 'part');
            END
            """,
            new { },
            Token);

        await leases.DeleteAsync(video.Id, Token);

        Assert.Null(await leases.ReadAsync("render", Token));
        Assert.Empty(await database.QueryAsync<string>("SELECT key FROM rewas_parts", new { }, Token));
    }

    [Fact]
    public async Task A_sweep_deletes_what_has_lost_its_parent()
    {
        using var folder = new TemporaryFolder();
        await using var replica = new StoreReplica(folder.Path);
        var leases = replica.Get<LeaseTable>();
        var (lost, kept) = (await CreateAsync(leases), await CreateAsync(leases));
        var (orphan, child) = (await CreateAsync(leases, lost), await CreateAsync(leases, kept));
        await replica.Get<StoreDatabase>().ExecuteAsync("DELETE FROM rewas_leases WHERE id = @Id", new { lost.Id }, Token);

        await leases.SweepOrphansAsync(Token);

        Assert.Null(await leases.ReadAsync(orphan.Id, Token));
        Assert.NotNull(await leases.ReadAsync(kept.Id, Token));
        Assert.NotNull(await leases.ReadAsync(child.Id, Token));
    }

    static Task<LeaseRow> CreateAsync(LeaseTable leases, LeaseRow? parent = null) => leases.CreateAsync(
        new() { Kind = parent is null ? "video" : "video-render", Parent = parent?.Id ?? "" },
        parent is null ? Lifetime : AsTheParent,
        _ => Task.CompletedTask,
        Token);
}
