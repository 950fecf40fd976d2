using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;
using Rewas.Clip.Faults;
using Rewas.Jobs.Settings;

namespace Rewas.Jobs.Data;

/// <summary>
/// The database of the jobs: a SQLite file, or PostgreSQL. Both use the same statements. Times are Unix milliseconds; states are the
/// numbers of the protocol's enums.
/// </summary>
public sealed class JobDatabase : IAsyncDisposable
{
    const string FileName = "jobs.db";

    readonly DbDataSource source;

    static JobDatabase() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Creates missing tables.</summary>
    /// <exception cref="InputFault">The database cannot be reached, or a later version made its tables.</exception>
    public JobDatabase(IOptions<JobsOptions> options)
    {
        IsPostgres = options.Value.Postgres.Length > 0;
        source = IsPostgres
            ? NpgsqlDataSource.Create(options.Value.Postgres)
            : SqliteFactory.Instance.CreateDataSource(FileIn(options.Value.FolderPath));
        try
        {
            JobSchema.Create(this);
        }
        catch (DbException failure)
        {
            throw InputFault.Precondition(
                IsPostgres ? "Jobs:Postgres" : "Jobs:Folder", $"the database cannot be used: {failure.Message}", failure);
        }
    }

    public bool IsPostgres { get; }

    /// <summary>The connection string of the database file in a folder.</summary>
    public static string SqliteConnection(string folder) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, FileName), DefaultTimeout = 30 }.ConnectionString;

    public async Task<DbConnection> OpenAsync(CancellationToken cancellation) => await source.OpenConnectionAsync(cancellation);

    public DbConnection Open() => source.OpenConnection();

    /// <summary>Runs a change in one transaction.</summary>
    public async Task<T> ChangeAsync<T>(Func<DbTransaction, Task<T>> change, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var result = await change(transaction);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    /// <summary>Holds a named lock until the transaction ends. In SQLite, this blocks every other writer.</summary>
    public async Task LockAsync(DbTransaction transaction, string name)
    {
        if (IsPostgres)
            await transaction.Connection!.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext(@name))", new { name }, transaction);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    static string FileIn(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition("Jobs:Folder", $"'{folder}' cannot be created: {failure.Message}", failure);
        }
        return SqliteConnection(folder);
    }
}
