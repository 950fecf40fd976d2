using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Data;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>A caller's secret, as the database has it.</summary>
public sealed record SecretRow
{
    public const string Columns = "id, caller, secret, created, ends";

    public string Id { get; init; } = "";

    public string Caller { get; init; } = "";

    /// <summary>Sealed by <see cref="SecretKey"/>.</summary>
    public byte[] Secret { get; init; } = [];

    public long Created { get; init; }

    /// <summary>When it stops signing, Unix milliseconds; 0 for the newest one.</summary>
    public long Ends { get; init; }
}

/// <summary>
/// The secrets that sign the webhooks of each caller. A new secret replaces the old one, which signs too for a while, so that a receiver
/// can be changed meanwhile. A secret is told once.
/// </summary>
public sealed class WebhookSecrets(StoreDatabase database, StoreClock clock, SecretKey key, IOptions<WebhookOptions> options)
{
    const string Prefix = "whsec_";
    const int SecretBytes = 32, MostSecrets = 5;

    /// <summary>Creates a secret. Those before it sign until the overlap ends.</summary>
    /// <returns>The row, and the secret itself.</returns>
    /// <exception cref="InputFault">Exhausted: the caller has created many in a short time.</exception>
    public Task<(SecretRow Row, string Secret)> CreateAsync(string caller, CancellationToken cancellation)
    {
        var secret = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var row = new SecretRow { Id = id, Caller = caller, Secret = key.Seal(secret, OwnerOf(caller, id)), Created = clock.Milliseconds };
        return database.ChangeAsync(
            async transaction =>
            {
                var connection = transaction.Connection!;
                await database.LockAsync(transaction, $"webhook secrets {caller}");
                var signing = await connection.ExecuteScalarAsync<long>(
                    "SELECT COUNT(*) FROM rewas_webhook_secrets WHERE caller = @caller AND (ends = 0 OR ends > @Created)",
                    new { caller, row.Created },
                    transaction);
                if (signing >= MostSecrets)
                    throw InputFault.Exhausted("secrets", $"at most {MostSecrets} sign at a time; delete an older one first");
                await connection.ExecuteAsync(
                    "UPDATE rewas_webhook_secrets SET ends = @ends WHERE caller = @caller AND ends = 0",
                    new { caller, ends = row.Created + (long)options.Value.SecretOverlap.TotalMilliseconds },
                    transaction);
                await connection.ExecuteAsync(
                    $"INSERT INTO rewas_webhook_secrets ({SecretRow.Columns}) VALUES (@Id, @Caller, @Secret, @Created, @Ends)",
                    row,
                    transaction);
                return (row, secret);
            },
            cancellation);
    }

    /// <summary>The secrets of a caller that sign now, the newest first.</summary>
    public Task<IReadOnlyList<SecretRow>> ListAsync(string caller, CancellationToken cancellation) => database.QueryAsync<SecretRow>(
        $"SELECT {SecretRow.Columns} FROM rewas_webhook_secrets WHERE caller = @caller AND (ends = 0 OR ends > @now) "
        + "ORDER BY created DESC, id",
        new { caller, now = clock.Milliseconds },
        cancellation);

    /// <summary>The secrets themselves. Those that another key has sealed are left out.</summary>
    public async Task<IReadOnlyList<string>> OpenAsync(string caller, CancellationToken cancellation) =>
        [.. (await ListAsync(caller, cancellation)).Select(row => key.Open(row.Secret, OwnerOf(row.Caller, row.Id))).OfType<string>()];

    /// <summary>Deletes a secret, which stops signing at once. No error if there is none.</summary>
    public Task DeleteAsync(string id, string caller, CancellationToken cancellation) => database.ExecuteAsync(
        "DELETE FROM rewas_webhook_secrets WHERE id = @id AND caller = @caller", new { id, caller }, cancellation);

    static string OwnerOf(string caller, string id) => $"{id} {caller}";
}
