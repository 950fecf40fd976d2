using Rewas.Clip.Files;

namespace Rewas.Bundles;

/// <summary>Turns a folder of written files into a bundle.</summary>
public static class BundleWriter
{
    /// <summary>Describes the bundle to readers. It is not part of the bundle's hash.</summary>
    const string ModelCard = "README.md";

    /// <summary>
    /// Writes bundle.json: <paramref name="manifest"/> with the length and SHA-256 of every file in the folder except the model card. The
    /// result is checked as on opening.
    /// </summary>
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
