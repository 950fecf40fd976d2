using Microsoft.Data.Sqlite;
using Rewas.Library.Scanning;

namespace Rewas.Library.Data;

/// <summary>Reads recordings with all of their data.</summary>
static class SoundList
{
    const string Columns =
        "SELECT f.path, s.sha256, s.seconds, s.sample_rate, s.channels, s.loudness, s.onsets, w.name, w.tags, f.missing, "
        + "f.bytes, f.modified FROM files f JOIN sounds s ON s.id = f.sound JOIN file_words w ON w.rowid = f.id";

    /// <summary>The file with this number; null if there is none.</summary>
    public static IndexedSound? Read(SqliteConnection opened, long file)
    {
        using var command = new SqliteCommand($"{Columns} WHERE f.id = @id", opened);
        command.Parameters.AddWithValue("@id", file);
        using var rows = command.ExecuteReader();
        return rows.Read() ? Of(rows) : null;
    }

    /// <summary>A file with this hash that was there at the last run; null if there is none.</summary>
    public static IndexedSound? Find(SqliteConnection opened, string sha256)
    {
        using var command = new SqliteCommand($"{Columns} WHERE s.sha256 = @sha256 AND f.missing = 0 ORDER BY f.path", opened);
        command.Parameters.AddWithValue("@sha256", sha256);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            if (Of(rows) is var sound && File.Exists(sound.Path))
                return sound;
        return null;
    }

    /// <summary>All files with this hash that were there at the last run, with length and time of the last change (ticks of UTC).</summary>
    public static IReadOnlyList<(IndexedSound Sound, long Bytes, long Modified)> Files(SqliteConnection opened, string sha256)
    {
        using var command = new SqliteCommand($"{Columns} WHERE s.sha256 = @sha256 AND f.missing = 0 ORDER BY f.path", opened);
        command.Parameters.AddWithValue("@sha256", sha256);
        using var rows = command.ExecuteReader();
        var files = new List<(IndexedSound, long, long)>();
        while (rows.Read())
            files.Add((Of(rows), rows.GetInt64(10), rows.GetInt64(11)));
        return files;
    }

    /// <summary>Files in the order of their paths.</summary>
    /// <param name="after">Only paths after this one; empty for all.</param>
    /// <param name="most">Most files to return.</param>
    public static IReadOnlyList<IndexedSound> Page(SqliteConnection opened, string after, int most)
    {
        using var command = new SqliteCommand($"{Columns} WHERE f.path > @after ORDER BY f.path LIMIT @most", opened);
        command.Parameters.AddWithValue("@after", after);
        command.Parameters.AddWithValue("@most", most);
        using var rows = command.ExecuteReader();
        var page = new List<IndexedSound>();
        while (rows.Read())
            page.Add(Of(rows));
        return page;
    }

    static IndexedSound Of(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetDouble(2), row.GetInt32(3), row.GetInt32(4),
        row.IsDBNull(5) ? null : row.GetDouble(5), row.GetDouble(6), row.GetString(7), row.GetString(8),
        row.GetInt64(9) != 0);
}
