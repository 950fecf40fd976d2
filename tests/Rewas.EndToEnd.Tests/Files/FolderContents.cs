using System.Security.Cryptography;

namespace Rewas.EndToEnd.Tests.Files;

static class FolderContents
{
    /// <summary>The content of every file of a folder by its relative path. Anything that is not a file is listed by its kind.</summary>
    public static SortedDictionary<string, string> Contents(this ClipFolder folder)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 1,
            AttributesToSkip = FileAttributes.None,
        };
        foreach (var entry in new DirectoryInfo(folder.Root).EnumerateFileSystemInfos("*", options))
        {
            var name = Path.GetRelativePath(folder.Root, entry.FullName);
            if (name.StartsWith("folder/", StringComparison.Ordinal) || name.StartsWith(".rewas-jobs", StringComparison.Ordinal))
                continue;
            found[name] = entry.LinkTarget is { } target ? $"-> {target}"
                : entry is not FileInfo file ? "folder"
                : entry.Name.StartsWith("pipe", StringComparison.Ordinal) ? "pipe"
                : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName)));
        }
        return found;
    }
}
