using System.Data.Common;
using Dapper;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Store.Data;
using Rewas.Store.Leases;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// The projects of the studio in the database, so that every replica has the same ones. A project is kept until its lease ends, and keeps
/// its videos and renders as long. Its revision counts what was saved, so that no editor replaces what it has not seen.
/// </summary>
public sealed class LeasedProjects(
    LeaseTable leases, StoreDatabase database, StoreClock clock, IOptions<SoundStudioOptions> configured)
{
    /// <summary>Kind of lease.</summary>
    public const string Projects = "project";

    /// <summary>State of a project in the database. It is no running work.</summary>
    const long Kept = 1;

    static readonly HashSet<string> None = [];

    readonly SoundStudioOptions options = configured.Value;

    /// <summary>Creates a project, or returns the one that the same request of this caller created before.</summary>
    /// <exception cref="InputFault">The request is invalid, or a quota is used up.</exception>
    public async Task<StudioProject> CreateAsync(CreateProjectRequest request, string caller, CancellationToken cancellation)
    {
        var content = ProjectCheck.Checked(request.Content);
        var row = await leases.CreateAsync(
            new()
            {
                Kind = Projects,
                Caller = caller,
                IdempotencyKey = LeaseTable.Checked("idempotency_key", request.IdempotencyKey),
                RequestSha256 = LeaseTable.HashOf(request),
                State = Kept,
                Document = content.ToByteArray(),
            },
            options.ProjectLease,
            async counts =>
            {
                if ((await counts.OfAllAsync(Projects)).Count >= options.MaxProjects)
                    throw InputFault.Exhausted("projects", $"at most {options.MaxProjects} are kept (MaxProjects)");
                if (caller.Length > 0 && (await counts.OfCallerAsync(Projects)).Count >= options.MaxProjectsPerCaller)
                    throw InputFault.Exhausted(
                        "projects", $"at most {options.MaxProjectsPerCaller} of a caller are kept (MaxProjectsPerCaller)");
            },
            cancellation,
            async (transaction, created) =>
            {
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO rewas_projects (id, name, saved) VALUES (@Id, @Name, @Created)",
                    new { created.Id, content.Name, created.Created },
                    transaction);
                await HoldAsync(transaction, created.Id, caller, content, None);
            });
        return await GetAsync(row.Id, caller, cancellation);
    }

    /// <summary>The caller's projects and those that are shared with it, the last saved first, without documents.</summary>
    public async Task<IReadOnlyList<StudioProject>> ListAsync(string caller, CancellationToken cancellation) =>
    [
        .. (await database.QueryAsync<ProjectRow>(
            $"""
            SELECT {ProjectRow.Columns} FROM rewas_leases l JOIN rewas_projects p ON p.id = l.id
            WHERE l.kind = '{Projects}' AND l.ends > @now AND (l.caller = @caller
                OR EXISTS (SELECT 1 FROM rewas_project_shares s WHERE s.project = l.id AND s.caller = @caller))
            ORDER BY p.saved DESC, l.id
            """,
            new { caller, now = clock.Milliseconds },
            cancellation)).Select(row => row.ToMessage()),
    ];

    /// <summary>Reads a project. The owner's reading renews it.</summary>
    /// <exception cref="InputFault">NotFound: the caller neither has it nor shares it.</exception>
    public Task<StudioProject> GetAsync(string id, string caller, CancellationToken cancellation) => database.ChangeAsync(
        async transaction => await MessageOfAsync(transaction, await FindAsync(transaction, id, caller), caller), cancellation);

    /// <summary>Replaces what a project keeps.</summary>
    /// <exception cref="RpcException">ABORTED: it was saved since. PERMISSION_DENIED: it is another caller's.</exception>
    public Task<StudioProject> SaveAsync(SaveProjectRequest request, string caller, CancellationToken cancellation)
    {
        var content = ProjectCheck.Checked(request.Content);
        return database.ChangeAsync(
            async transaction =>
            {
                await LockAsync(transaction);
                var row = await FindOwnAsync(transaction, request.ProjectId, caller);
                if (request.HasVersion && request.Version != row.Revision)
                    throw new RpcException(
                        new(StatusCode.Aborted, $"version: must be {row.Revision}, but is {request.Version}: the project was saved since"),
                        new Metadata { { FaultInterceptor.FieldTrailer, "version" } });
                var before = ProjectContent.Parser.ParseFrom(row.Document);
                await LeaseTable.WriteAsync(transaction, row.Id, Kept, content.ToByteArray());
                await transaction.Connection!.ExecuteAsync(
                    "UPDATE rewas_projects SET name = @Name, saved = @saved WHERE id = @Id",
                    new { row.Id, content.Name, saved = clock.Milliseconds },
                    transaction);
                await HoldAsync(transaction, row.Id, caller, content, [.. before.VideoIds, .. before.RenderIds]);
                return await MessageOfAsync(transaction, await FindAsync(transaction, row.Id, caller), caller);
            },
            cancellation);
    }

    /// <summary>Deletes a project of this caller, or takes the caller from those whom a project is shared with.</summary>
    public Task DeleteAsync(string id, string caller, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await LockAsync(transaction);
            var parameters = new { id, caller };
            await transaction.Connection!.ExecuteAsync(
                "DELETE FROM rewas_project_shares WHERE project = @id AND caller = @caller", parameters, transaction);
            if (await transaction.Connection!.ExecuteScalarAsync<string?>(
                $"SELECT id FROM rewas_leases WHERE id = @id AND caller = @caller AND kind = '{Projects}'",
                parameters,
                transaction) is null)
                return false;
            var held = await ProjectHolds.ReadAsync(transaction, id);
            await LeaseTable.DeleteAsync(transaction, [id]);
            await ProjectHolds.ReleaseAsync(transaction, held.Select(hold => hold.Video), UsualEnd);
            return true;
        },
        cancellation);

    /// <summary>Lets another caller read a project.</summary>
    /// <exception cref="InputFault">It is no name of another caller, or there are too many.</exception>
    public Task<StudioProject> ShareAsync(ShareProjectRequest request, string caller, CancellationToken cancellation) =>
        database.ChangeAsync(
            async transaction =>
            {
                await LockAsync(transaction);
                var row = await FindOwnAsync(transaction, request.ProjectId, caller);
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO rewas_project_shares (project, caller) VALUES (@Id, @other) ON CONFLICT DO NOTHING",
                    new { row.Id, other = ProjectCheck.CheckedCaller(request.Caller, caller) },
                    transaction);
                var message = await MessageOfAsync(transaction, row, caller);
                return message.SharedWith.Count <= ProjectCheck.MostShares
                    ? message
                    : throw InputFault.Exhausted("caller", $"a project is shared with at most {ProjectCheck.MostShares} callers");
            },
            cancellation);

    /// <summary>Ends the sharing of a project of this caller with another one. Projects of others are not affected.</summary>
    public Task UnshareAsync(UnshareProjectRequest request, string caller, CancellationToken cancellation) => database.ExecuteAsync(
        $"""
        DELETE FROM rewas_project_shares WHERE caller = @other AND project IN (
            SELECT id FROM rewas_leases WHERE id = @project AND caller = @caller AND kind = '{Projects}')
        """,
        new { other = request.Caller, project = request.ProjectId, caller },
        cancellation);

    /// <summary>Projects change one after another.</summary>
    Task LockAsync(DbTransaction transaction) => database.LockAsync(transaction, $"leases {Projects}");

    long UsualEnd => clock.Milliseconds + (long)options.Lease.TotalMilliseconds;

    async Task HoldAsync(
        DbTransaction transaction, string project, string caller, ProjectContent content, HashSet<string> known)
    {
        await ProjectHolds.ReplaceAsync(transaction, project, caller, content, known, clock.Milliseconds, UsualEnd);
        await ProjectHolds.RenewAsync(
            transaction, project, clock.Milliseconds + (long)options.ProjectLease.TotalMilliseconds, clock.Milliseconds);
    }

    /// <summary>Finds a project that the caller may read. The owner's reading renews it with all that it holds.</summary>
    async Task<LeaseRow> FindAsync(DbTransaction transaction, string id, string caller)
    {
        var now = clock.Milliseconds;
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<LeaseRow>(
            $"""
            SELECT l.* FROM rewas_leases l WHERE l.id = @id AND l.kind = '{Projects}' AND l.ends > @now AND (l.caller = @caller
                OR EXISTS (SELECT 1 FROM rewas_project_shares s WHERE s.project = l.id AND s.caller = @caller))
            """,
            new { id, caller, now },
            transaction) ?? throw InputFault.NotFound("project_id", $"'{id}' does not exist, or its lease has ended");
        if (row.Caller != caller)
            return row;
        var ends = Math.Max(row.Ends, now + (long)options.ProjectLease.TotalMilliseconds);
        await transaction.Connection!.ExecuteAsync("UPDATE rewas_leases SET ends = @ends WHERE id = @id", new { id, ends }, transaction);
        await ProjectHolds.RenewAsync(transaction, id, ends, now);
        return row with { Ends = ends };
    }

    async Task<LeaseRow> FindOwnAsync(DbTransaction transaction, string id, string caller)
    {
        var row = await FindAsync(transaction, id, caller);
        return row.Caller == caller ? row : throw new RpcException(
            new(StatusCode.PermissionDenied, "project_id: is another caller's, who shares it with you to be read"),
            new Metadata { { FaultInterceptor.FieldTrailer, "project_id" } });
    }

    static async Task<StudioProject> MessageOfAsync(DbTransaction transaction, LeaseRow row, string caller)
    {
        var connection = transaction.Connection!;
        var shown = await connection.QuerySingleAsync<ProjectRow>(
            $"SELECT {ProjectRow.Columns} FROM rewas_leases l JOIN rewas_projects p ON p.id = l.id WHERE l.id = @Id",
            new { row.Id },
            transaction);
        var message = shown.ToMessage();
        message.Content = ProjectContent.Parser.ParseFrom(row.Document);
        var held = await ProjectHolds.ReadAsync(transaction, row.Id);
        Keep(message.Content.VideoIds, held.Where(hold => hold.Render.Length == 0).Select(hold => hold.Video));
        Keep(message.Content.RenderIds, held.Where(hold => hold.Render.Length > 0).Select(hold => hold.Render));
        if (row.Caller == caller)
            message.SharedWith.AddRange(await connection.QueryAsync<string>(
                "SELECT caller FROM rewas_project_shares WHERE project = @Id ORDER BY caller", new { row.Id }, transaction));
        return message;
    }

    /// <summary>Leaves out what is gone.</summary>
    static void Keep(IList<string> ids, IEnumerable<string> there)
    {
        var kept = there.ToHashSet();
        foreach (var gone in ids.Where(id => !kept.Contains(id)).ToList())
            ids.Remove(gone);
    }
}
