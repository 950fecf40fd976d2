using System.Security.Cryptography;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Client;

/// <summary>The bytes of a video file.</summary>
/// <param name="FileName">For error messages only.</param>
/// <param name="Bytes">Length, if known.</param>
/// <param name="Open">Opens the file for reading from the start, once for each attempt. The client closes it.</param>
public sealed record VideoSource(string FileName, long? Bytes, Func<CancellationToken, ValueTask<Stream>> Open)
{
    const int SkipBytes = 1 << 16;

    string? sha256;

    /// <summary>The name under which stages in this process have the video open. Its bytes are then not sent. Null sends them.</summary>
    public string? Opened { get; init; }

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal. The first call reads the bytes.</summary>
    public async Task<string> Sha256Async(CancellationToken cancellation)
    {
        if (sha256 is null)
        {
            await using var file = await Open(cancellation);
            sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        }
        return sha256;
    }

    /// <exception cref="InputFault">The file is missing, a directory, empty or unreadable.</exception>
    public static VideoSource FromFile(string path)
    {
        var file = InputFile.Find(path, "video");
        if (file.Length == 0)
            throw InputFault.Invalid("video", $"must be a video file, but '{path}' has 0 bytes");
        return new(Path.GetFileName(path), file.Length, _ => ValueTask.FromResult(OpenFile(file)));
    }

    /// <summary>Opens the bytes from an offset, for an upload that goes on.</summary>
    internal async Task<Stream> OpenFromAsync(long offset, CancellationToken cancellation)
    {
        var file = await Open(cancellation);
        if (file.CanSeek)
        {
            file.Position = offset;
            return file;
        }
        var skipped = new byte[SkipBytes];
        while (offset > 0)
        {
            var read = await file.ReadAsync(skipped.AsMemory(0, (int)Math.Min(offset, skipped.Length)), cancellation);
            if (read == 0)
                break;
            offset -= read;
        }
        return file;
    }

    static Stream OpenFile(FileInfo file)
    {
        try
        {
            return new FileStream(
                file.FullName,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading("video", file.FullName, failure);
        }
    }
}
