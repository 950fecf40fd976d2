using System.Data.Common;
using Dapper;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// The videos and renders that projects keep, and who else may read them. A render is kept by its video, which is held too. All is read and
/// written in the transaction of the project.
/// </summary>
static class ProjectHolds
{
    /// <summary>Names the project whose lease is p and whose sharing is s, for a video v. Parameters: @caller, @now.</summary>
    public const string SharedWithCaller =
        """
        rewas_project_holds h JOIN rewas_leases p ON p.id = h.project AND p.ends > @now
        JOIN rewas_project_shares s ON s.project = h.project AND s.caller = @caller
        """;

    /// <summary>Replaces what a project holds. What it no longer holds, and no other project does, gets the usual lease again.</summary>
    /// <param name="known">Ids that the project has named before. They may be gone.</param>
    /// <param name="usualEnd">When the lease of a released video ends.</param>
    /// <exception cref="InputFault">NotFound: the caller has no such video or render.</exception>
    public static async Task ReplaceAsync(
        DbTransaction transaction, string project, string caller, ProjectContent content, HashSet<string> known, long now,
        long usualEnd)
    {
        var videos = await FoundAsync<string>(
            transaction,
            $"SELECT id FROM rewas_leases WHERE kind = '{LeasedVideos.Videos}' AND caller = @caller AND ends > @now AND id IN @ids",
            content.VideoIds, caller, now);
        ThrowIfAbsent("video_ids", content.VideoIds, videos, known);
        var renders = await FoundAsync<Render>(
            transaction,
            $"""
            SELECT r.id, r.parent FROM rewas_leases r JOIN rewas_leases v ON v.id = r.parent AND v.ends > @now
            WHERE r.kind = '{LeasedVideos.Renders}' AND r.caller = @caller AND r.id IN @ids
            """,
            content.RenderIds, caller, now);
        ThrowIfAbsent("render_ids", content.RenderIds, [.. renders.Select(render => render.Id)], known);
        var before = await ReadAsync(transaction, project);
        Hold[] holds =
        [
            .. videos.Distinct().Select(video => new Hold { Project = project, Video = video }),
            .. renders.Select(render => new Hold { Project = project, Video = render.Parent, Render = render.Id }),
        ];
        var connection = transaction.Connection!;
        await connection.ExecuteAsync("DELETE FROM rewas_project_holds WHERE project = @project", new { project }, transaction);
        await connection.ExecuteAsync(
            "INSERT INTO rewas_project_holds (project, video, render) VALUES (@Project, @Video, @Render)", holds, transaction);
        await ReleaseAsync(transaction, before.Select(hold => hold.Video).Except(holds.Select(hold => hold.Video)), usualEnd);
    }

    /// <summary>What a project holds and is still there.</summary>
    public static async Task<IReadOnlyList<Hold>> ReadAsync(DbTransaction transaction, string project) =>
        (await transaction.Connection!.QueryAsync<Hold>(
            """
            SELECT h.project, h.video, h.render FROM rewas_project_holds h JOIN rewas_leases v ON v.id = h.video
            LEFT JOIN rewas_leases r ON r.id = h.render WHERE h.project = @project AND (h.render = '' OR r.id IS NOT NULL)
            """,
            new { project },
            transaction)).AsList();

    /// <summary>Keeps what a project holds as long as the project.</summary>
    public static Task RenewAsync(DbTransaction transaction, string project, long ends, long now) => transaction.Connection!.ExecuteAsync(
        $"""
        UPDATE rewas_leases SET ends = CASE WHEN ends > @ends THEN ends ELSE @ends END
        WHERE kind = '{LeasedVideos.Videos}' AND ends > @now
            AND id IN (SELECT video FROM rewas_project_holds WHERE project = @project)
        """,
        new { project, ends, now },
        transaction);

    /// <summary>Gives videos the usual lease that no project holds any more.</summary>
    public static Task ReleaseAsync(DbTransaction transaction, IEnumerable<string> videos, long usualEnd) =>
        transaction.Connection!.ExecuteAsync(
            """
            UPDATE rewas_leases SET ends = CASE WHEN ends > @usualEnd THEN @usualEnd ELSE ends END
            WHERE id = @video AND NOT EXISTS (SELECT 1 FROM rewas_project_holds h WHERE h.video = rewas_leases.id)
            """,
            videos.Distinct().Select(video => new { video, usualEnd }),
            transaction);

    static async Task<IReadOnlyList<T>> FoundAsync<T>(
        DbTransaction transaction, string query, IEnumerable<string> ids, string caller, long now)
    {
        string[] wanted = [.. ids.Distinct()];
        return wanted.Length == 0 ? [] : (await transaction.Connection!.QueryAsync<T>(
            query, new { ids = wanted, caller, now }, transaction)).AsList();
    }

    static void ThrowIfAbsent(string field, IEnumerable<string> ids, IReadOnlyCollection<string> found, HashSet<string> known)
    {
        if (ids.FirstOrDefault(id => !found.Contains(id) && !known.Contains(id)) is { } absent)
            throw InputFault.NotFound(field, $"'{absent}' does not exist, or its lease has ended");
    }

    sealed record Render
    {
        public string Id { get; init; } = "";

        public string Parent { get; init; } = "";
    }
}

/// <summary>A video that a project holds, or a render with its video.</summary>
sealed record Hold
{
    public string Project { get; init; } = "";

    public string Video { get; init; } = "";

    /// <summary>Empty for the video itself.</summary>
    public string Render { get; init; } = "";
}
