using Microsoft.Data.Sqlite;
using Rewas.Clip.Faults;

namespace Rewas.Library.Data;

/// <summary>The tables of the index. Each version has one step. An index is upgraded step by step to the last version.</summary>
/// <remarks>
/// Content belongs to a hash (sounds, sound_vectors); names belong to a path (files, file_words). So a recording that was moved or copied
/// is not measured again. A sentence's vector belongs to its words, and files with the same words share it.
/// </remarks>
static class LibrarySchema
{
    static readonly IReadOnlyList<string> Versions =
    [
        """
        CREATE TABLE folders (path TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE sounds (
            id INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL UNIQUE,
            seconds REAL NOT NULL,
            sample_rate INTEGER NOT NULL,
            channels INTEGER NOT NULL,
            loudness REAL,
            onsets REAL NOT NULL,
            course BLOB NOT NULL,
            tags TEXT NOT NULL
        );
        CREATE TABLE sound_vectors (
            sound INTEGER NOT NULL REFERENCES sounds (id) ON DELETE CASCADE,
            space TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (sound, space)
        ) WITHOUT ROWID;
        CREATE TABLE meanings (id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE, vector BLOB NOT NULL);
        CREATE TABLE files (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            bytes INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            sound INTEGER NOT NULL REFERENCES sounds (id),
            meaning INTEGER NOT NULL REFERENCES meanings (id),
            missing INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX files_of_sound ON files (sound);
        CREATE INDEX files_of_meaning ON files (meaning);
        CREATE VIRTUAL TABLE file_words USING fts5 (name, folders, tags, tokenize = 'porter unicode61 remove_diacritics 2');
        CREATE TABLE refused (
            path TEXT NOT NULL PRIMARY KEY,
            bytes INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) WITHOUT ROWID;
        """,
    ];

    /// <exception cref="InputFault">A later version made the tables.</exception>
    public static void Create(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Convert.ToInt32(Scalar(connection, transaction, "PRAGMA user_version"),
            System.Globalization.CultureInfo.InvariantCulture);
        if (version > Versions.Count)
            throw InputFault.Precondition("library",
                $"the index has version {version}, but this program supports up to {Versions.Count}: a newer program has used it");
        if (version == Versions.Count)
            return;
        for (; version < Versions.Count; version++)
            Scalar(connection, transaction, Versions[version]);
        Scalar(connection, transaction,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"));
        transaction.Commit();
    }

    static object? Scalar(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = new SqliteCommand(sql, connection, transaction);
        return command.ExecuteScalar();
    }
}
