using Rewas.Library.Scanning;

namespace Rewas.Library.Indexing;

/// <summary>The progress of an index run.</summary>
/// <param name="Done">Number of new or changed files that were read.</param>
/// <param name="Total">Number of new or changed files.</param>
/// <param name="Refused">A file that was just refused; null for none.</param>
public readonly record struct IndexProgress(int Done, int Total, RefusedFile? Refused = null);

/// <summary>The result of an index run.</summary>
public sealed record IndexReport
{
    /// <summary>Recordings in the index below the folders. The next three numbers add up to it.</summary>
    public required int Recordings { get; init; }

    /// <summary>New recordings, and recordings with changed content.</summary>
    public required int Indexed { get; init; }

    /// <summary>Recordings that were known at another path and are no longer there.</summary>
    public required int Moved { get; init; }

    /// <summary>Unchanged recordings.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Recordings of the index whose files are gone.</summary>
    public required int Missing { get; init; }

    /// <summary>Files that this run refused, in no order.</summary>
    public required IReadOnlyList<RefusedFile> Refused { get; init; }

    /// <summary>Files that an earlier run refused and that have not changed.</summary>
    public required int RefusedBefore { get; init; }

    /// <summary>Files that are not recordings, by their names.</summary>
    public required int Others { get; init; }

    /// <summary>Files that could not be read because ffmpeg is not installed.</summary>
    public required int WithoutFfmpeg { get; init; }

    public required TimeSpan Elapsed { get; init; }
}
