using Rewas.Faults;

namespace Rewas.Checkpoints;

/// <summary>Makes a bundle of a folder whose files are already written.</summary>
public static class BundleWriter
{
    /// <summary>Describes the bundle to people; not part of what its hash stands for.</summary>
    const string ModelCard = "README.md";

    /// <summary>
    /// Writes bundle.json into a folder: <paramref name="manifest"/> with the length and SHA-256 of every file that lies there but the model card. What is
    /// written is checked as it would be on opening.
    /// </summary>
    /// <returns>The bundle as written.</returns>
    public static Bundle Write(string directory, BundleManifest manifest)
    {
        var files = new SortedDictionary<string, BundleFile>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles())
            if (file.Name is not (Bundle.ManifestFileName or ModelCard))
                files[file.Name] = new BundleFile(FileHash.Of(file.FullName), file.Length);
        manifest = manifest with { FormatVersion = BundleManifest.CurrentFormatVersion, Files = files };
        var faults = BundleManifestCheck.Faults(manifest);
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults));
        BundleManifestFile.Write(Path.Combine(directory, Bundle.ManifestFileName), manifest);
        return Bundle.Open(directory, verify: false);
    }
}
