using Microsoft.Data.Sqlite;

namespace Rewas.Library.Data;

/// <summary>Reads and writes the files of the index and their content.</summary>
sealed class FileTable(LibraryDatabase database)
{
    /// <summary>Separates the tags of a recording.</summary>
    const char TagEnd = '\n';

    /// <summary>All files of the index, by path.</summary>
    /// <param name="space">Each file tells if its sound has a vector of this space; null for none.</param>
    public Dictionary<string, KnownFile> Known(string? space) => database.Use(opened =>
    {
        using var command = new SqliteCommand(
            """
            SELECT f.path, f.bytes, f.modified, f.missing, v.sound IS NOT NULL
            FROM files f LEFT JOIN sound_vectors v ON v.sound = f.sound AND v.space = @space
            """,
            opened);
        command.Parameters.AddWithValue("@space", space ?? "");
        using var rows = command.ExecuteReader();
        var known = new Dictionary<string, KnownFile>(StringComparer.Ordinal);
        while (rows.Read())
            known[rows.GetString(0)] = new(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3) != 0, rows.GetInt64(4) != 0);
        return known;
    });

    /// <summary>Files refused before, by path.</summary>
    public Dictionary<string, (long Bytes, long Modified, string Reason)> Refused() => database.Use(opened =>
    {
        using var command = new SqliteCommand("SELECT path, bytes, modified, reason FROM refused", opened);
        using var rows = command.ExecuteReader();
        var refused = new Dictionary<string, (long, long, string)>(StringComparer.Ordinal);
        while (rows.Read())
            refused[rows.GetString(0)] = (rows.GetInt64(1), rows.GetInt64(2), rows.GetString(3));
        return refused;
    });

    /// <summary>The tags of the recording with this hash, and if it has a vector of a space. Null if the hash is unknown.</summary>
    public (IReadOnlyList<string> Tags, bool HasVector)? Find(string sha256, string? space) => database.Use(opened =>
    {
        using var command = new SqliteCommand(
            """
            SELECT s.tags, v.sound IS NOT NULL FROM sounds s LEFT JOIN sound_vectors v ON v.sound = s.id AND v.space = @space
            WHERE s.sha256 = @sha256
            """,
            opened);
        command.Parameters.AddWithValue("@space", space ?? "");
        command.Parameters.AddWithValue("@sha256", sha256);
        using var rows = command.ExecuteReader();
        return rows.Read()
            ? (rows.GetString(0).Split(TagEnd, StringSplitOptions.RemoveEmptyEntries), rows.GetInt64(1) != 0)
            : ((IReadOnlyList<string>, bool)?)null;
    });

    /// <summary>The vector of words; null if the words are unknown.</summary>
    public float[]? Meaning(string words, int channels) => database.Use(opened =>
    {
        using var command = new SqliteCommand("SELECT vector FROM meanings WHERE words = @words", opened);
        command.Parameters.AddWithValue("@words", words);
        var vector = new float[channels];
        return command.ExecuteScalar() is byte[] bytes && Vector.TryRead(bytes, vector) ? vector : null;
    });

    /// <summary>Stores files and refusals in one transaction.</summary>
    /// <returns>How many of the files were only moved.</returns>
    public int Store(IReadOnlyList<FileRow> files, IReadOnlyList<(Scanning.ScannedFile File, string Reason)> refused) =>
        database.Change((opened, transaction) =>
    {
        var moved = 0;
        using var writer = new FileWriter(opened, transaction);
        foreach (var file in files)
            moved += writer.Write(file, TagEnd) ? 1 : 0;
        foreach (var (file, reason) in refused)
            writer.Refuse(file, reason);
        return moved;
    });

    /// <summary>Adds folders to the indexed ones.</summary>
    public void AddFolders(IEnumerable<string> folders) => database.Change((opened, transaction) =>
    {
        foreach (var folder in folders)
            Execute(opened, transaction, "INSERT OR IGNORE INTO folders (path) VALUES (@path)", ("@path", folder));
        return true;
    });

    /// <summary>The indexed folders, in order.</summary>
    public IReadOnlyList<string> Folders() => database.Use(opened =>
    {
        using var command = new SqliteCommand("SELECT path FROM folders ORDER BY path", opened);
        using var rows = command.ExecuteReader();
        var folders = new List<string>();
        while (rows.Read())
            folders.Add(rows.GetString(0));
        return (IReadOnlyList<string>)folders;
    });

    /// <summary>Marks missing files and files that are back, and deletes the refusals of files that are gone.</summary>
    public void Note(IEnumerable<string> missing, IEnumerable<string> found, IEnumerable<string> notRefused) =>
        database.Change((opened, transaction) =>
    {
        foreach (var path in missing)
            Execute(opened, transaction, "UPDATE files SET missing = 1 WHERE path = @path", ("@path", path));
        foreach (var path in found)
            Execute(opened, transaction, "UPDATE files SET missing = 0 WHERE path = @path", ("@path", path));
        foreach (var path in notRefused)
            Execute(opened, transaction, "DELETE FROM refused WHERE path = @path", ("@path", path));
        return true;
    });

    /// <summary>Removes files, folders and refusals at or below these paths.</summary>
    /// <returns>Number of files.</returns>
    public int Forget(IReadOnlyList<string> paths) =>
        Forget(path => paths.Any(given => Scanning.FolderScan.IsBelow(path, given)), onlyMissing: false);

    /// <summary>Removes missing files.</summary>
    public int ForgetMissing() => Forget(_ => true, onlyMissing: true);

    /// <summary>Removes content that no file has any more.</summary>
    public void Sweep() => database.Change((opened, transaction) =>
    {
        Execute(opened, transaction, "DELETE FROM sounds WHERE id NOT IN (SELECT sound FROM files)");
        Execute(opened, transaction, "DELETE FROM meanings WHERE id NOT IN (SELECT meaning FROM files)");
        return true;
    });

    int Forget(Func<string, bool> isMeant, bool onlyMissing)
    {
        var forgotten = database.Change((opened, transaction) =>
        {
            var files = Paths(opened, transaction, $"SELECT path, id FROM files{(onlyMissing ? " WHERE missing = 1" : "")}")
                .Where(file => isMeant(file.Path)).ToList();
            foreach (var (path, id) in files)
            {
                Execute(opened, transaction, "DELETE FROM file_words WHERE rowid = @id", ("@id", id));
                Execute(opened, transaction, "DELETE FROM files WHERE path = @path", ("@path", path));
            }
            if (!onlyMissing)
                foreach (var table in (string[])["folders", "refused"])
                    foreach (var (path, _) in Paths(opened, transaction, $"SELECT path, 0 FROM {table}").Where(row => isMeant(row.Path))
                        .ToList())
                        Execute(opened, transaction, $"DELETE FROM {table} WHERE path = @path", ("@path", path));
            return files.Count;
        });
        Sweep();
        return forgotten;
    }

    static List<(string Path, long Id)> Paths(SqliteConnection opened, SqliteTransaction transaction, string sql)
    {
        using var command = new SqliteCommand(sql, opened, transaction);
        using var rows = command.ExecuteReader();
        var paths = new List<(string, long)>();
        while (rows.Read())
            paths.Add((rows.GetString(0), rows.GetInt64(1)));
        return paths;
    }

    static void Execute(SqliteConnection opened, SqliteTransaction transaction, string sql,
        params IEnumerable<(string Name, object Value)> values)
    {
        using var command = new SqliteCommand(sql, opened, transaction);
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
