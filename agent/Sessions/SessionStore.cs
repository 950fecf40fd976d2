using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;

namespace Rewas.Agent.Sessions;

/// <summary>
/// The sessions. Their rows and files are in the store, so any replica goes on with one. A replica keeps working copies of the sessions
/// that it held last.
/// </summary>
public sealed class SessionStore(
    LeaseTable leases,
    Claims claims,
    StoredParts parts,
    StoredFiles files,
    WorkingSpace space,
    IOptions<AgentOptions> configured,
    TimeProvider time) : IDisposable
{
    /// <summary>Time after which the working copy of an unused session is deleted.</summary>
    static readonly TimeSpan WorkingCopyTime = TimeSpan.FromMinutes(10);

    readonly AgentOptions options = configured.Value;
    readonly ConcurrentDictionary<string, WorkingCopy> copies = new(StringComparer.Ordinal);

    /// <param name="key">Chosen by the caller; empty for none. The same key finds the same session.</param>
    /// <param name="caller">The owner; empty if callers are not identified.</param>
    /// <exception cref="InputFault">Exhausted: too many sessions.</exception>
    public Task<LeaseRow> CreateAsync(string key, string caller, CancellationToken cancel) => leases.CreateAsync(
        new()
        {
            Kind = SessionQuota.Session,
            Caller = caller,
            IdempotencyKey = key.Length > 0 ? LeaseTable.Checked("key", key) : "",
            State = 1,
        },
        options.SessionLifetime,
        counts => SessionQuota.ThrowIfTooManyAsync(counts, options, caller),
        cancel);

    /// <summary>Finds a session and renews it.</summary>
    /// <exception cref="InputFault">NotFound: the session never existed, has expired, or belongs to another caller.</exception>
    public async Task<LeaseRow> FindAsync(string name, string caller, CancellationToken cancel) =>
        await leases.FindAsync(SessionQuota.Session, name, caller, options.SessionLifetime, cancel)
        ?? throw InputFault.NotFound("session", "there is no such session; it may have expired");

    /// <summary>The claim of a session: one turn, upload or check at a time, in all replicas.</summary>
    public static string ClaimOf(string name) => $"session {name}";

    /// <summary>Waits for the session and holds it.</summary>
    /// <exception cref="InputFault">NotFound: the session has expired.</exception>
    public async Task<SessionHold> HoldAsync(LeaseRow row, CancellationToken cancel) =>
        await HoldAsync(row, await claims.TakeAsync(ClaimOf(row.Id), cancel), cancel);

    /// <summary>Holds a session whose claim was taken. The claim is given back with the hold.</summary>
    public async Task<SessionHold> HoldAsync(LeaseRow row, Claim claim, CancellationToken cancel)
    {
        try
        {
            // Read after the claim: another replica may have changed it until then.
            var now = await leases.ReadAsync(row.Id, cancel)
                ?? throw InputFault.NotFound("session", "there is no such session; it may have expired");
            var session = copies.TryGetValue(row.Id, out var copy) && copy.Session.Revision == now.Revision
                ? copy.Session
                : await LoadAsync(now, copy, cancel);
            copies[row.Id].UsedAt = time.GetTimestamp();
            return new(session, now, claim, leases, options.SessionLifetime, time);
        }
        catch
        {
            await claim.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of a video's working copy. It is copied from the store if it is not there.</summary>
    public async Task<string> CopyAsync(SessionHold hold, string video, long bytes, CancellationToken cancel) =>
        await CopyAsync(copies[hold.Session.Name], hold.Session.Caller, video, bytes, cancel);

    /// <summary>Deletes the working copy of a video that is not in its session after all.</summary>
    public void Drop(SessionHold hold, string video)
    {
        if (!copies.TryGetValue(hold.Session.Name, out var copy))
            return;
        File.Delete(PathOf(copy, video));
        if (copy.Rooms.Remove(video, out var room))
            room.Dispose();
    }

    /// <summary>Forgets what a broken turn did to the session in memory. The next hold reads the row.</summary>
    public void Forget(string name)
    {
        if (copies.TryGetValue(name, out var copy))
            copy.Session.Revision = 0;
    }

    /// <summary>Deletes sessions that were unused for their lifetime, and working copies that nobody needs.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        await leases.SweepAsync(SessionQuota.Session, cancel);
        foreach (var (name, copy) in copies)
            if (await leases.ReadAsync(name, cancel) is null || time.GetElapsedTime(copy.UsedAt) > WorkingCopyTime)
            {
                if (await claims.TryTakeAsync(ClaimOf(name), cancel) is not { } claim)
                    continue;
                await using (claim)
                    if (copies.TryRemove(name, out var unused))
                        unused.Dispose();
            }
    }

    public void Dispose()
    {
        foreach (var copy in copies.Values)
            copy.Dispose();
    }

    async Task<Session> LoadAsync(LeaseRow row, WorkingCopy? before, CancellationToken cancel)
    {
        var folder = before?.Folder ?? PrivateFolder.Create("rewas-agent-", FolderOf(options));
        var session = new Session(row.Id, row.Caller, folder.Path, options)
        {
            Files = new(leases, files, space, row, options),
        };
        var copy = new WorkingCopy(session, folder, before?.Rooms ?? []) { UsedAt = time.GetTimestamp() };
        copies[row.Id] = copy;
        var document = SessionDocument.Parse(row.Document);
        var videos = new List<SessionVideo>();
        foreach (var kept in document.Videos)
        {
            var path = await CopyAsync(copy, row.Caller, kept.Id, 0, cancel);
            // What was seen depends on the file alone, so an older state of this session in memory knows it.
            var known = before?.Session.Videos.Find(video => video.Id == kept.Id);
            videos.Add(new(kept.Number, kept.Name, path, known?.Facts ?? await Session.ProbeAsync(path, cancel))
            {
                Id = kept.Id,
                Seen = known?.Seen,
            });
        }
        document.FillIn(session, videos);
        session.Revision = row.Revision;                                     // only now: a session that is not whole is read again
        return session;
    }

    static string? FolderOf(AgentOptions options) =>
        options.Folder is { Length: > 0 } folder ? PrivateFolder.CreateKept(folder).FullName : null;

    async Task<string> CopyAsync(WorkingCopy copy, string caller, string video, long bytes, CancellationToken cancel)
    {
        var path = PathOf(copy, video);
        if (File.Exists(path))
            return path;
        if (copy.Rooms.Remove(video, out var unused))
            unused.Dispose();                                                // somebody else has deleted the file
        var room = space.Reserve(
            caller, bytes > 0 ? bytes : await parts.LengthAsync(video, VideoUploads.PartsName, cancel));
        try
        {
            await parts.CopyAsync(video, VideoUploads.PartsName, path, cancel);
        }
        catch
        {
            room.Dispose();
            throw;
        }
        copy.Rooms.Add(video, room);
        return path;
    }

    static string PathOf(WorkingCopy copy, string video) => Path.Combine(copy.Folder.Path, $"video-{video}");

    /// <param name="Rooms">What is reserved for the videos, by their ids.</param>
    sealed record WorkingCopy(Session Session, PrivateFolder Folder, Dictionary<string, IDisposable> Rooms) : IDisposable
    {
        /// <summary>Timestamp.</summary>
        public long UsedAt { get; set; }

        public void Dispose()
        {
            Folder.Dispose();
            foreach (var room in Rooms.Values)
                room.Dispose();
        }
    }
}
