using Microsoft.Data.Sqlite;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Library.Data;

/// <summary>
/// The index's file: SQLite with a write-ahead log. A killed process leaves each transaction whole or absent. Several processes may use the
/// file. A connection belongs to one thread at a time.
/// </summary>
sealed class LibraryDatabase
{
    const string FileName = "sounds.db", Field = "library";

    readonly string connection;

    /// <summary>Creates the folder, the file and its tables if they are missing.</summary>
    /// <exception cref="InputFault">The folder cannot be written, or the file is not an index.</exception>
    public LibraryDatabase(string folder)
    {
        Path = System.IO.Path.Combine(folder, FileName);
        connection = new SqliteConnectionStringBuilder { DataSource = Path, DefaultTimeout = 30, ForeignKeys = true }.ConnectionString;
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var opened = Open();
            using (var mode = new SqliteCommand("PRAGMA journal_mode = WAL", opened))
                mode.ExecuteScalar();
            LibrarySchema.Create(opened);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing(Field, folder, failure);
        }
        catch (SqliteException failure)
        {
            throw Fault(failure);
        }
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    public SqliteConnection Open()
    {
        var opened = new SqliteConnection(connection);
        opened.Open();
        return opened;
    }

    /// <summary>Runs work on a connection of its own.</summary>
    /// <exception cref="InputFault">The index cannot be used.</exception>
    public T Use<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var opened = Open();
            return work(opened);
        }
        catch (SqliteException failure)
        {
            throw Fault(failure);
        }
    }

    /// <summary>Runs a change in one transaction.</summary>
    /// <exception cref="InputFault">The index cannot be used.</exception>
    public T Change<T>(Func<SqliteConnection, SqliteTransaction, T> change) => Use(opened =>
    {
        using var transaction = opened.BeginTransaction(deferred: false);
        var result = change(opened, transaction);
        transaction.Commit();
        return result;
    });

    InputFault Fault(SqliteException failure)
    {
        const int Full = 13, InputOutput = 10;
        var kind = failure.SqliteErrorCode switch
        {
            Full => FaultKind.Full,
            InputOutput => FaultKind.Environment,
            _ => FaultKind.Precondition,
        };
        return new(kind, Field, $"the index '{Path}' cannot be used: {failure.Message}", failure);
    }
}
