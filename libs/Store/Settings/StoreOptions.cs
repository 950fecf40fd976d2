using System.ComponentModel.DataAnnotations;
using Rewas.Bundles;

namespace Rewas.Store.Settings;

/// <summary>
/// The database and the files that the jobs, the agent and the studio share. Configuration section "Store". Replicas of one service must
/// have the same store.
/// </summary>
public sealed record StoreOptions
{
    public const string Section = "Store";

    /// <summary>
    /// Folder of the SQLite database and of the files. PostgreSQL and S3 replace it. Default: empty, a folder beside the user's own
    /// bundles.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>
    /// Connection string of a PostgreSQL database, which several machines may share. Default: empty, SQLite in <see cref="Folder"/>.
    /// </summary>
    public string Postgres { get; set; } = "";

    /// <summary>S3 store for the files, in place of the folder.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>
    /// Time without a sign of life after which another replica takes over the work of a replica. Each replica measures it with its own
    /// clock, so a clock that jumps takes nothing over. Default 10 s, 200 ms to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:10:00")]
    public TimeSpan TakeOverAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the work of other replicas is looked at. Default 250 ms, 10 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most bytes of temporary files of one process. Default 16 GiB, 1 MiB to 100 TiB.</summary>
    [Range(1L << 20, 100L << 40)]
    public long MaxWorkingBytes { get; set; } = 16L << 30;

    /// <summary>Most bytes of temporary files of one caller in one process. Default 8 GiB, 1 MiB to 100 TiB.</summary>
    [Range(1L << 20, 100L << 40)]
    public long MaxWorkingBytesPerCaller { get; set; } = 8L << 30;

    /// <summary><see cref="Folder"/>, or its default.</summary>
    public string FolderPath() =>
        Path.GetFullPath(Folder.Length > 0 ? Folder : Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "jobs"));
}
