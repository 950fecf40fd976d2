using Dapper;
using Rewas.Clip.Faults;

namespace Rewas.Jobs.Data;

/// <summary>
/// The tables of the jobs, beside those of Quartz. Each version has one step. A database is upgraded step by step to the last version.
/// </summary>
static class JobSchema
{
    static readonly IReadOnlyList<string> Versions =
    [
        """
        CREATE TABLE rewas_jobs (
            id TEXT NOT NULL PRIMARY KEY,
            caller TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            request_sha256 TEXT NOT NULL,
            name TEXT NOT NULL,
            state BIGINT NOT NULL,
            items BIGINT NOT NULL,
            revision BIGINT NOT NULL,
            run BIGINT NOT NULL,
            created BIGINT NOT NULL,
            touched BIGINT NOT NULL,
            ended BIGINT NOT NULL,
            UNIQUE (caller, idempotency_key)
        );
        CREATE INDEX rewas_jobs_of_caller ON rewas_jobs (caller, created, id);
        CREATE TABLE rewas_items (
            job TEXT NOT NULL,
            item BIGINT NOT NULL,
            name TEXT NOT NULL,
            request {bytes} NOT NULL,
            video TEXT NOT NULL,
            video_bytes BIGINT NOT NULL,
            state BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            not_before BIGINT NOT NULL,
            windows_done BIGINT NOT NULL,
            windows BIGINT NOT NULL,
            step BIGINT NOT NULL,
            steps BIGINT NOT NULL,
            error TEXT NOT NULL,
            result TEXT NOT NULL,
            result_bytes BIGINT NOT NULL,
            found BIGINT NOT NULL,
            revision BIGINT NOT NULL,
            PRIMARY KEY (job, item)
        );
        CREATE INDEX rewas_items_by_state ON rewas_items (job, state, not_before);
        CREATE INDEX rewas_items_by_revision ON rewas_items (job, revision);
        CREATE INDEX rewas_items_by_result ON rewas_items (result);
        CREATE INDEX rewas_items_by_video ON rewas_items (video);
        CREATE TABLE rewas_results (
            key TEXT NOT NULL PRIMARY KEY,
            file TEXT NOT NULL,
            bytes BIGINT NOT NULL,
            sha256 TEXT NOT NULL,
            sound_sha256 TEXT NOT NULL,
            samples BIGINT NOT NULL,
            sampler {bytes} NOT NULL,
            elapsed BIGINT NOT NULL,
            touched BIGINT NOT NULL
        );
        CREATE TABLE rewas_files (
            key TEXT NOT NULL PRIMARY KEY,
            touched BIGINT NOT NULL
        );
        CREATE TABLE rewas_executions (
            job TEXT NOT NULL,
            item BIGINT NOT NULL,
            run BIGINT NOT NULL,
            attempt BIGINT NOT NULL,
            node TEXT NOT NULL,
            started BIGINT NOT NULL,
            ended BIGINT NOT NULL,
            outcome TEXT NOT NULL
        );
        CREATE INDEX rewas_executions_of_item ON rewas_executions (job, item);
        """,
        "ALTER TABLE rewas_results ADD COLUMN sidecar TEXT NOT NULL DEFAULT '';",
    ];

    /// <exception cref="InputFault">A later version made the tables.</exception>
    public static void Create(JobDatabase database)
    {
        using var connection = database.Open();
        if (!database.IsPostgres)
            connection.Execute("PRAGMA journal_mode = WAL");                 // readers do not wait for a writer
        using var transaction = connection.BeginTransaction();
        if (database.IsPostgres)
            connection.Execute("SELECT pg_advisory_xact_lock(hashtext('rewas_schema'))", transaction: transaction);
        connection.Execute("CREATE TABLE IF NOT EXISTS rewas_schema (version BIGINT NOT NULL)", transaction: transaction);
        var version = connection.ExecuteScalar<long?>("SELECT MAX(version) FROM rewas_schema", transaction: transaction) ?? 0;
        if (version > Versions.Count)
            throw InputFault.Precondition(
                "Jobs",
                $"the database has version {version}, but this program supports up to {Versions.Count}: a newer program has used it");
        for (; version < Versions.Count; version++)
        {
            connection.Execute(
                Versions[(int)version].Replace("{bytes}", database.IsPostgres ? "BYTEA" : "BLOB", StringComparison.Ordinal),
                transaction: transaction);
            connection.Execute("INSERT INTO rewas_schema (version) VALUES (@version)", new { version = version + 1 }, transaction);
        }
        transaction.Commit();
    }
}
