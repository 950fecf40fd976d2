using System.Security.Cryptography;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library.Limits;
using Rewas.Library.Recordings;
using Rewas.Library.Scanning;

namespace Rewas.Library.Indexing;

/// <summary>A recording's header and hash.</summary>
/// <param name="Sha256">Hash of all bytes.</param>
/// <param name="Content">All bytes of a small file, so that it need not be read again.</param>
sealed record FileReading(ScannedFile File, RecordingHeader Header, string Sha256, byte[]? Content)
{
    /// <summary>The field of faults that concern the path. Such faults may pass, such as a missing permission.</summary>
    public const string PathField = "path";

    const int MostBytesKept = 8 << 20;

    /// <exception cref="InputFault">The file is not a recording, or exceeds a limit.</exception>
    /// <exception cref="IOException">The file cannot be read, or has changed since the scan.</exception>
    public static async Task<FileReading> ReadAsync(ScannedFile file, LibraryLimits limits, CancellationToken cancellation)
    {
        // Opening a pipe would wait for a writer.
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

    /// <summary>Opens the recording at its start.</summary>
    public Stream OpenContent() => Content is null ? Open(File.Path) : new MemoryStream(Content);

    static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
}
