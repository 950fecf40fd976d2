using System.Data.Common;
using Rewas.Clip.Faults;
using Rewas.Store.Data;
using Rewas.Store.Leases;

namespace Rewas.Agent.Sessions;

/// <summary>A session that this replica alone works on, until it is disposed or lost. Its lease is renewed meanwhile.</summary>
public sealed class SessionHold : IAsyncDisposable
{
    /// <summary>Most bytes of a session's document.</summary>
    const int MostBytes = 16 << 20;

    readonly Claim claim;
    readonly LeaseRenewal renewal;

    internal SessionHold(Session session, LeaseRow row, Claim claim, LeaseTable leases, TimeSpan lifetime, TimeProvider time)
    {
        (Session, Row, this.claim) = (session, row, claim);
        renewal = new(leases, row.Id, lifetime, time);
    }

    public Session Session { get; }

    /// <summary>The row as it was when the hold began.</summary>
    public LeaseRow Row { get; }

    /// <summary>Cancelled when another replica has taken the session over.</summary>
    public CancellationToken Lost => claim.Lost;

    /// <summary>Lets a change happen only while this hold counts.</summary>
    /// <exception cref="ClaimLostException">Another replica has taken the session over.</exception>
    public Task ThrowIfLostAsync(DbTransaction transaction) => claim.ThrowIfLostAsync(transaction);

    /// <exception cref="InputFault">Exhausted: the session's document has grown too large to be written.</exception>
    public void ThrowIfTooLarge() => Document();

    /// <summary>Writes the session's document in a transaction.</summary>
    /// <exception cref="InputFault">NotFound: the session was deleted. Exhausted: the document is too large.</exception>
    public async Task<long> SaveAsync(DbTransaction transaction)
    {
        await ThrowIfLostAsync(transaction);
        return await LeaseTable.WriteAsync(transaction, Session.Name, 1, Document())
            ?? throw InputFault.NotFound("session", "there is no such session; it may have expired");
    }

    /// <summary>Writes the session's document.</summary>
    public async Task SaveAsync(StoreDatabase database, CancellationToken cancel) =>
        Session.Revision = await database.ChangeAsync(SaveAsync, cancel);

    public async ValueTask DisposeAsync()
    {
        await renewal.DisposeAsync();
        await claim.DisposeAsync();
    }

    byte[] Document()
    {
        var document = SessionDocument.Of(Session).ToBytes();
        return document.Length <= MostBytes ? document : throw InputFault.Exhausted(
            "session", $"must have at most {MostBytes} bytes, but would have {document.Length}; begin a new one");
    }
}
