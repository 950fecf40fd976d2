using System.IO.Compression;
using System.Text.RegularExpressions;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Import;

/// <summary>
/// A bundle as one zip file of its folder's content. The file is fetched by hash and unpacked beside its final place. It is renamed only
/// after every file in it was verified, so processes may share the folder. A bundle that is already there is not fetched again.
/// </summary>
public static partial class BundleArchive
{
    const string ArchiveFile = "bundle.zip", HashFile = "archive.sha256";
    const int MostFiles = 1000;

    /// <summary>Fetches a bundle unless it is already there. Nothing is left behind after a cancellation.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="sha256">Hash of the archive, 64 hexadecimal digits.</param>
    /// <param name="output">Folder of the bundle.</param>
    /// <param name="maximumBytes">Limit for all unpacked files together.</param>
    /// <exception cref="InputFault">The archive is missing, does not match the hash or holds no bundle, or the folder holds something
    /// else.</exception>
    public static async Task<Bundle> FetchAsync(
        Uri url, string sha256, string output, Downloader downloader, CancellationToken cancellation, long maximumBytes = 64L << 30)
    {
        InputFault.ThrowIfAny(
        [
            .. url is { IsAbsoluteUri: true, Scheme: "http" or "https" }
                ? Array.Empty<InputFault>()
                : [InputFault.Invalid("url", $"must be http://... or https://..., but is '{url}'")],
            .. HashPattern().IsMatch(sha256)
                ? Array.Empty<InputFault>()
                : [InputFault.Invalid("sha256", $"must be 64 hexadecimal digits, but is '{sha256}'")],
        ]);
        sha256 = sha256.ToLowerInvariant();
        output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        if (Directory.Exists(output))
            return OpenSame(output, sha256);

        var partial = Directory.CreateDirectory($"{output}.{Guid.NewGuid():N}.partial");
        try
        {
            var archive = await downloader.DownloadAsync(
                new("archive", ArchiveFile, url, Bytes: null, sha256), partial.FullName, cancellation);
            var folder = Directory.CreateDirectory(Path.Combine(partial.FullName, "bundle"));
            await UnpackAsync(archive, folder.FullName, maximumBytes, cancellation);
            Bundle.Open(folder.FullName);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, HashFile), sha256, cancellation);
            try
            {
                Directory.Move(folder.FullName, output);
            }
            catch (IOException) when (Directory.Exists(output))              // another process was faster
            {
            }
            return OpenSame(output, sha256);
        }
        finally
        {
            partial.Delete(recursive: true);
        }
    }

    static Bundle OpenSame(string output, string sha256)
    {
        var file = Path.Combine(output, HashFile);
        return File.Exists(file) && File.ReadAllText(file) == sha256
            ? Bundle.Open(output)
            : throw InputFault.Precondition("output", $"'{output}' exists and was not fetched from an archive with SHA-256 {sha256}");
    }

    static async Task UnpackAsync(string archive, string folder, long maximumBytes, CancellationToken cancellation)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);
            if (zip.Entries.Count > MostFiles)
                throw InputFault.Exhausted("archive", $"must have at most {MostFiles} files, but has {zip.Entries.Count}");
            var left = maximumBytes;
            foreach (var entry in zip.Entries)
            {
                if (!NamePattern().IsMatch(entry.FullName))
                    throw InputFault.Invalid(
                        "archive",
                        $"file '{entry.FullName}' must be a plain name of letters, digits, '.', '_', '-', at most 128: "
                        + "zip what is in the bundle's folder, not the folder");
                await using var source = entry.Open();
                await using var target = new FileStream(Path.Combine(folder, entry.FullName), FileMode.CreateNew);
                left = await CopyAsync(source, target, left, maximumBytes, cancellation);
            }
        }
        catch (InvalidDataException e)
        {
            throw InputFault.Invalid("archive", $"is not a zip file, or a damaged one: {e.Message}", e);
        }
    }

    /// <summary>Copies a file and counts its bytes, because an archive's stated lengths are not trusted.</summary>
    static async Task<long> CopyAsync(Stream source, FileStream target, long left, long maximumBytes, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 18];
        while (await source.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            left -= read;
            if (left < 0)
                throw InputFault.Exhausted("archive", $"must have at most {maximumBytes} bytes unpacked, but has more");
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        return left;
    }

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex HashPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex NamePattern();
}
