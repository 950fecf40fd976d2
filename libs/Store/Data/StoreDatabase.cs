using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Rewas.Clip.Faults;
using Rewas.Store.Settings;

namespace Rewas.Store.Data;

/// <summary>
/// The database of the jobs, the sessions and the studio's videos: a SQLite file, or PostgreSQL. Both use the same statements. Times are
/// Unix milliseconds; states are the numbers of the protocol's enums.
/// </summary>
public sealed class StoreDatabase : IAsyncDisposable
{
    const string FileName = "jobs.db";

    /// <summary>Longest wait for another writer of a SQLite file.</summary>
    const int LockTimeoutSeconds = 30;

    readonly DbDataSource source;

    static StoreDatabase() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Creates missing tables. Waits half a minute for a server that starts at the same time or restarts.</summary>
    /// <exception cref="InputFault">The database cannot be reached, or a later version made its tables.</exception>
    public StoreDatabase(
        IOptions<StoreOptions> options, IConfiguration? configuration = null, ILogger<StoreDatabase>? log = null)
    {
        var section = configuration is null ? StoreOptions.Section : StoreSection.NameIn(configuration);
        IsPostgres = options.Value.Postgres.Length > 0;
        source = IsPostgres
            ? NpgsqlDataSource.Create(options.Value.Postgres)
            : SqliteFactory.Instance.CreateDataSource(FileIn(options.Value.FolderPath(), section));
        try
        {
            DatabaseRetry.AtStart(log ?? NullLogger<StoreDatabase>.Instance).Execute(() => StoreSchema.Create(this));
        }
        catch (DbException failure)
        {
            throw InputFault.Precondition(
                IsPostgres ? $"{section}:Postgres" : $"{section}:Folder", $"the database cannot be used: {failure.Message}", failure);
        }
    }

    public bool IsPostgres { get; }

    /// <summary>The connection string of the database file in a folder.</summary>
    public static string SqliteConnection(string folder) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, FileName),
            DefaultTimeout = LockTimeoutSeconds,
        }.ConnectionString;

    /// <summary>Whether trying again may help. A broken constraint or statement stays broken.</summary>
    public static bool MayPass(DbException failure) => failure is not SqliteException { SqliteErrorCode: 19 } && !(
        failure.SqlState is { Length: 5 } state && (state.StartsWith("22", StringComparison.Ordinal)
        || state.StartsWith("23", StringComparison.Ordinal)));

    public async Task<DbConnection> OpenAsync(CancellationToken cancellation) =>
        WaitingForLocks(await source.OpenConnectionAsync(cancellation));

    public DbConnection Open() => WaitingForLocks(source.OpenConnection());

    /// <summary>Runs a change in one transaction.</summary>
    public async Task<T> ChangeAsync<T>(Func<DbTransaction, Task<T>> change, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var result = await change(transaction);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    /// <summary>Runs one statement. Returns the number of changed rows.</summary>
    public async Task<int> ExecuteAsync(string statement, object parameters, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return await connection.ExecuteAsync(statement, parameters);
    }

    /// <summary>Reads all rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string query, object parameters, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return (await connection.QueryAsync<T>(query, parameters)).AsList();
    }

    /// <summary>Holds a named lock until the transaction ends. In SQLite, this blocks every other writer.</summary>
    public async Task LockAsync(DbTransaction transaction, string name)
    {
        if (IsPostgres)
            await transaction.Connection!.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext(@name))", new { name }, transaction);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>
    /// Lets SQLite itself wait for the lock of another writer: it looks again after 1, 2, 5, 10 ms and so on. Otherwise the driver looks
    /// again after 150 ms, which is longer than many requests take.
    /// </summary>
    static DbConnection WaitingForLocks(DbConnection connection)
    {
        if (connection is SqliteConnection { Handle: { } handle })
            SQLitePCL.raw.sqlite3_busy_timeout(handle, LockTimeoutSeconds * 1000);
        return connection;
    }

    static string FileIn(string folder, string section)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition($"{section}:Folder", $"'{folder}' cannot be created: {failure.Message}", failure);
        }
        return SqliteConnection(folder);
    }
}
