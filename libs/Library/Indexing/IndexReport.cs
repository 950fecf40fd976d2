using Rewas.Library.Scanning;

namespace Rewas.Library.Indexing;

/// <summary>How far an index run is.</summary>
/// <param name="Done">Files that were looked at, of those that are new or changed.</param>
/// <param name="Total">Files that are new or changed.</param>
/// <param name="Refused">A file that has just been found to be no recording; null for none.</param>
public readonly record struct IndexProgress(int Done, int Total, RefusedFile? Refused = null);

/// <summary>What an index run did.</summary>
public sealed record IndexReport
{
    /// <summary>Recordings in the index that lie below the folders.</summary>
    public required int Recordings { get; init; }

    /// <summary>Of those, new ones and ones whose content has changed.</summary>
    public required int Indexed { get; init; }

    /// <summary>Of those, ones that were known at another path, and are there no more.</summary>
    public required int Moved { get; init; }

    /// <summary>Of those, ones that had not changed.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Recordings of the index that are not there any more.</summary>
    public required int Missing { get; init; }

    /// <summary>Files that were refused by this run, in no order.</summary>
    public required IReadOnlyList<RefusedFile> Refused { get; init; }

    /// <summary>Files that were refused before and have not changed.</summary>
    public required int RefusedBefore { get; init; }

    /// <summary>Files that are no recordings by their names.</summary>
    public required int Others { get; init; }

    /// <summary>Files that could not be read because ffmpeg is not installed.</summary>
    public required int WithoutFfmpeg { get; init; }

    public required TimeSpan Elapsed { get; init; }
}
