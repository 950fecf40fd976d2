using Dapper;
using Rewas.Clip.Faults;

namespace Rewas.Store.Data;

/// <summary>
/// The tables of the jobs, the sessions and the studio, beside those of Quartz. Each version has one step. A database is upgraded step by
/// step to the last version.
/// </summary>
static class StoreSchema
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
        """
        ALTER TABLE rewas_files ADD COLUMN owner TEXT NOT NULL DEFAULT '';
        CREATE INDEX rewas_files_of_owner ON rewas_files (owner);
        CREATE TABLE rewas_reservations (
            id TEXT NOT NULL PRIMARY KEY,
            caller TEXT NOT NULL,
            bytes BIGINT NOT NULL,
            ends BIGINT NOT NULL
        );
        CREATE INDEX rewas_reservations_of_caller ON rewas_reservations (caller);
        CREATE TABLE rewas_claims (
            thing TEXT NOT NULL PRIMARY KEY,
            holder TEXT NOT NULL,
            beat BIGINT NOT NULL
        );
        CREATE TABLE rewas_leases (
            id TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            caller TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            request_sha256 TEXT NOT NULL,
            parent TEXT NOT NULL,
            bytes BIGINT NOT NULL,
            state BIGINT NOT NULL,
            document {bytes} NOT NULL,
            progress {bytes} NOT NULL,
            revision BIGINT NOT NULL,
            created BIGINT NOT NULL,
            ends BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX rewas_leases_by_key ON rewas_leases (kind, caller, idempotency_key) WHERE idempotency_key <> '';
        CREATE INDEX rewas_leases_by_end ON rewas_leases (kind, ends);
        CREATE INDEX rewas_leases_of_parent ON rewas_leases (parent);
        CREATE TABLE rewas_parts (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            first BIGINT NOT NULL,
            bytes BIGINT NOT NULL,
            key TEXT NOT NULL,
            PRIMARY KEY (owner, name, first)
        );
        CREATE TABLE rewas_turns (
            session TEXT NOT NULL,
            turn BIGINT NOT NULL,
            words TEXT NOT NULL,
            state BIGINT NOT NULL,
            progress {bytes} NOT NULL,
            PRIMARY KEY (session, turn)
        );
        CREATE TABLE rewas_events (
            session TEXT NOT NULL,
            event BIGINT NOT NULL,
            turn BIGINT NOT NULL,
            message {bytes} NOT NULL,
            PRIMARY KEY (session, event)
        );
        """,
        """
        ALTER TABLE rewas_turns ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE rewas_leases ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
        """,
        """
        CREATE TABLE rewas_webhooks (
            id TEXT NOT NULL PRIMARY KEY,
            sound TEXT NOT NULL,
            caller TEXT NOT NULL,
            type TEXT NOT NULL,
            url TEXT NOT NULL,
            payload {bytes} NOT NULL,
            state BIGINT NOT NULL,
            tries BIGINT NOT NULL,
            not_before BIGINT NOT NULL,
            holder TEXT NOT NULL,
            held_until BIGINT NOT NULL,
            created BIGINT NOT NULL,
            ended BIGINT NOT NULL
        );
        CREATE INDEX rewas_webhooks_due ON rewas_webhooks (state, not_before);
        CREATE INDEX rewas_webhooks_of_sound ON rewas_webhooks (sound);
        CREATE INDEX rewas_webhooks_of_caller ON rewas_webhooks (caller);
        CREATE TABLE rewas_webhook_attempts (
            delivery TEXT NOT NULL,
            attempt BIGINT NOT NULL,
            at BIGINT NOT NULL,
            status BIGINT NOT NULL,
            error TEXT NOT NULL,
            answer TEXT NOT NULL,
            took BIGINT NOT NULL,
            PRIMARY KEY (delivery, attempt)
        );
        CREATE TABLE rewas_webhook_secrets (
            id TEXT NOT NULL PRIMARY KEY,
            caller TEXT NOT NULL,
            secret {bytes} NOT NULL,
            created BIGINT NOT NULL,
            ends BIGINT NOT NULL
        );
        CREATE INDEX rewas_webhook_secrets_of_caller ON rewas_webhook_secrets (caller);
        """,
        """
        CREATE TABLE rewas_projects (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            saved BIGINT NOT NULL
        );
        CREATE TABLE rewas_project_holds (
            project TEXT NOT NULL,
            video TEXT NOT NULL,
            render TEXT NOT NULL,
            PRIMARY KEY (project, video, render)
        );
        CREATE INDEX rewas_project_holds_of_video ON rewas_project_holds (video);
        CREATE TABLE rewas_project_shares (
            project TEXT NOT NULL,
            caller TEXT NOT NULL,
            PRIMARY KEY (project, caller)
        );
        CREATE INDEX rewas_project_shares_of_caller ON rewas_project_shares (caller);
        """,
    ];

    /// <exception cref="InputFault">A later version made the tables.</exception>
    public static void Create(StoreDatabase database)
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
                "Store",
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
