using Microsoft.Data.Sqlite;
using Rewas.Library.Scanning;

namespace Rewas.Library.Data;

/// <summary>The statements that store files, prepared once for a transaction.</summary>
sealed class FileWriter(SqliteConnection opened, SqliteTransaction transaction) : IDisposable
{
    readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    /// <returns>True if the recording was known at a path that no longer has it.</returns>
    public bool Write(FileRow row, char tagEnd)
    {
        if (row.Sound is { } sound)
            Run(
                """
                INSERT INTO sounds (sha256, seconds, sample_rate, channels, loudness, onsets, course, tags)
                VALUES (@sha256, @seconds, @rate, @channels, @loudness, @onsets, @course, @tags) ON CONFLICT (sha256) DO NOTHING
                """,
                ("@sha256", row.Sha256), ("@seconds", sound.Seconds), ("@rate", sound.Header.SampleRate),
                ("@channels", sound.Header.Channels), ("@loudness", sound.Measured.Loudness ?? (object)DBNull.Value),
                ("@onsets", sound.Measured.OnsetsPerSecond), ("@course", sound.Measured.Course.ToBytes()),
                ("@tags", string.Join(tagEnd, sound.Header.Tags.Select(tag => tag.Replace(tagEnd, ' ')))));
        // Another process may have removed it since. The next run then indexes the file as new.
        if (Run("SELECT id FROM sounds WHERE sha256 = @sha256", ("@sha256", row.Sha256)) is not long id)
            return false;
        if (row.Vector is { } vector)
            Run(
                "INSERT OR REPLACE INTO sound_vectors (sound, space, vector) VALUES (@sound, @space, @vector)",
                ("@sound", id), ("@space", row.Space), ("@vector", Vector.ToBytes(vector)));
        Run(
            "INSERT OR IGNORE INTO meanings (words, vector) VALUES (@words, @vector)",
            ("@words", row.Words.Meaning), ("@vector", Vector.ToBytes(row.Meaning)));
        var moved = row.Sound is null && ForgetMoved(id, row.File.Path);
        var file = Run(
            """
            INSERT INTO files (path, bytes, modified, sound, meaning)
            VALUES (@path, @bytes, @modified, @sound, (SELECT id FROM meanings WHERE words = @words))
            ON CONFLICT (path) DO UPDATE SET
                bytes = excluded.bytes, modified = excluded.modified, sound = excluded.sound, meaning = excluded.meaning, missing = 0
            RETURNING id
            """,
            ("@path", row.File.Path), ("@bytes", row.File.Bytes), ("@modified", row.File.Modified), ("@sound", id),
            ("@words", row.Words.Meaning));
        Run("DELETE FROM file_words WHERE rowid = @id", ("@id", file!));
        Run(
            "INSERT INTO file_words (rowid, name, folders, tags) VALUES (@id, @name, @folders, @tags)",
            ("@id", file!), ("@name", row.Words.Name), ("@folders", row.Words.Folders), ("@tags", row.Words.Tags));
        Run("DELETE FROM refused WHERE path = @path", ("@path", row.File.Path));
        return moved;
    }

    public void Refuse(ScannedFile file, string reason)
    {
        Run("DELETE FROM file_words WHERE rowid IN (SELECT id FROM files WHERE path = @path)", ("@path", file.Path));
        Run("DELETE FROM files WHERE path = @path", ("@path", file.Path));
        Run(
            "INSERT OR REPLACE INTO refused (path, bytes, modified, reason) VALUES (@path, @bytes, @modified, @reason)",
            ("@path", file.Path), ("@bytes", file.Bytes), ("@modified", file.Modified), ("@reason", reason));
    }

    /// <summary>Removes the old path of a moved recording: it is found here and no longer there.</summary>
    bool ForgetMoved(long sound, string path)
    {
        var command = Prepare("SELECT id, path FROM files WHERE sound = @sound AND path <> @path", ("@sound", sound), ("@path", path));
        var before = new List<long>();
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                if (!File.Exists(rows.GetString(1)))
                    before.Add(rows.GetInt64(0));
        foreach (var id in before)
        {
            Run("DELETE FROM file_words WHERE rowid = @id", ("@id", id));
            Run("DELETE FROM files WHERE id = @id", ("@id", id));
        }
        return before.Count > 0;
    }

    object? Run(string sql, params ReadOnlySpan<(string Name, object Value)> values) => Prepare(sql, values).ExecuteScalar();

    SqliteCommand Prepare(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
            prepared[sql] = command = new(sql, opened, transaction);
        command.Parameters.Clear();
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
    }
}
