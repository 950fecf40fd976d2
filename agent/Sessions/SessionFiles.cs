using System.Text.RegularExpressions;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Store.Files;
using Rewas.Store.Leases;

namespace Rewas.Agent.Sessions;

/// <summary>The files that a session has made, in the store. Their bytes are reserved before they are written.</summary>
public sealed partial class SessionFiles(LeaseTable leases, StoredFiles files, WorkingSpace space, LeaseRow session, AgentOptions options)
{
    readonly LeaseTable leases = leases;
    readonly StoredFiles files = files;
    readonly LeaseRow session = session;

    [GeneratedRegex(@"^sound-[0-9]{1,6}\.[a-z0-9]{1,8}(\.json)?$", RegexOptions.CultureInvariant, 1000)]
    static partial Regex Names { get; }

    /// <summary>Reserves room for a file that is about to be made, and keeps the file when it is made.</summary>
    /// <exception cref="InputFault">Exhausted: a quota is used up, or the disk is too full.</exception>
    public async Task<Room> ReserveAsync(long bytes, CancellationToken cancel)
    {
        var disk = space.Reserve(session.Caller, 2 * bytes);                  // the file, and what its sound is mixed from
        try
        {
            await leases.ReserveAsync(
                session, bytes, counts => SessionQuota.ThrowIfUsedUpAsync(counts, options, session.Caller, bytes), cancel);
            return new(this, disk, bytes);
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    /// <summary>Sets the reserved bytes to those of the files that there are. A turn of a killed replica may have left more.</summary>
    public Task SettleAsync(IEnumerable<Candidate> made, CancellationToken cancel) =>
        leases.SetBytesAsync(session.Id, made.Sum(one => one.Bytes), cancel);

    /// <summary>The key of a file in the store.</summary>
    /// <exception cref="InputFault">NotFound: no session makes files of such a name.</exception>
    public static string KeyOf(string session, string name) => Names.IsMatch(name)
        ? $"leases/{session}/{name}"
        : throw InputFault.NotFound("file", "this session has made no such file");

    /// <summary>Reserved bytes. What is not kept is given back.</summary>
    public sealed class Room(SessionFiles owner, IDisposable disk, long bytes) : IAsyncDisposable
    {
        long tooMuch = bytes;

        /// <summary>Stores a file and its sidecar.</summary>
        public async Task KeepAsync(string folder, Candidate made, CancellationToken cancel)
        {
            foreach (var name in (string[])[made.File, made.Sidecar])
                await owner.files.StoreAsync(
                    KeyOf(owner.session.Id, name), owner.session.Id, Path.Combine(folder, name), cancel);
            tooMuch -= made.Bytes;
        }

        public async ValueTask DisposeAsync()
        {
            disk.Dispose();
            try
            {
                await owner.leases.ReserveAsync(owner.session, -tooMuch, _ => Task.CompletedTask, CancellationToken.None);
            }
            catch (System.Data.Common.DbException)
            {
                // The next turn sets the reservation right.
            }
        }
    }
}
