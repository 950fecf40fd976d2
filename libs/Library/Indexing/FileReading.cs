using System.Security.Cryptography;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library.Limits;
using Rewas.Library.Recordings;
using Rewas.Library.Scanning;

namespace Rewas.Library.Indexing;

/// <summary>A recording's header and hash.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Header">What it says.</param>
/// <param name="Sha256">Of all its bytes.</param>
/// <param name="Content">All its bytes where they are few, so that they need not be read again.</param>
sealed record FileReading(ScannedFile File, RecordingHeader Header, string Sha256, byte[]? Content)
{
    /// <summary>Field of faults of the path. They may pass: of a permission, say.</summary>
    public const string PathField = "path";

    const int MostBytesKept = 8 << 20;

    /// <param name="file">As it was scanned.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputFault">It is no recording, or beyond a limit.</exception>
    /// <exception cref="IOException">It cannot be read, or has changed since it was scanned.</exception>
    public static async Task<FileReading> ReadAsync(ScannedFile file, LibraryLimits limits, CancellationToken cancellation)
    {
        // Opening a pipe would wait for whoever writes to it.
        if (FileStatus.Of(file.Path, PathField) is { Kind: not Rewas.Clip.Files.FileKind.File and var kind })
            throw InputFault.Invalid(HeaderReader.Field, $"is a {kind.ToString().ToLowerInvariant()}, not a file");
        await using var stream = Open(file.Path);
        var content = stream.Length <= MostBytesKept ? new byte[stream.Length] : null;
        if (content is not null)
            stream.ReadExactly(content);
        Stream source = content is null ? stream : new MemoryStream(content);
        var header = await HeaderReader.ReadAsync(source, file.Path, limits, cancellation);
        source.Position = 0;
        var hash = content is null ? await SHA256.HashDataAsync(source, cancellation) : SHA256.HashData(content);
        var now = new FileInfo(file.Path);
        if (!now.Exists || now.Length != file.Bytes || now.LastWriteTimeUtc.Ticks != file.Modified)
            throw new IOException("it was changed while it was read");
        return new(file, header, Convert.ToHexStringLower(hash), content);
    }

    /// <summary>The recording from its start.</summary>
    public Stream OpenContent() => Content is null ? Open(File.Path) : new MemoryStream(Content);

    static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
}
