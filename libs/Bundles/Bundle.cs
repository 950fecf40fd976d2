using System.Collections.Concurrent;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bundles;

/// <summary>A model on disk: a folder with <c>bundle.json</c> and the files that it lists.</summary>
public sealed class Bundle
{
    public const string ManifestFileName = "bundle.json";
    const string Field = "bundle";

    Bundle(string directory, BundleManifest manifest, string sha256) => (Directory, Manifest, Sha256) = (directory, manifest, sha256);

    /// <summary>Full path of the folder.</summary>
    public string Directory { get; }

    public BundleManifest Manifest { get; }

    /// <summary>
    /// SHA-256 of bundle.json, lower-case hexadecimal. It identifies the whole bundle, because bundle.json lists the hash of every file.
    /// </summary>
    public string Sha256 { get; }

    /// <param name="verify">Whether to check the length and SHA-256 of every file. See <see cref="VerifiedFiles"/> for large files.</param>
    /// <exception cref="InputFault">The bundle is missing or invalid. The message names all errors at once.</exception>
    public static Bundle Open(string directory, bool verify = true)
    {
        directory = System.IO.Path.GetFullPath(directory);
        var (manifest, sha256) = BundleManifestFile.Read(System.IO.Path.Combine(directory, ManifestFileName));
        var bundle = new Bundle(directory, manifest, sha256);
        if (verify)
            bundle.Verify();
        return bundle;
    }

    /// <summary>
    /// Opens a bundle by folder or by name. A name is searched in the folders of REWAS_MODELS, in <c>models/</c> of the program's folder
    /// and of each folder above it, and in <c>~/.local/share/rewas/models</c>.
    /// </summary>
    /// <exception cref="InputFault">The bundle is not found (the message lists the searched folders) or invalid (see <see
    /// cref="Open"/>).</exception>
    public static Bundle Find(string nameOrDirectory, bool verify = true) => Open(BundleSearch.Find(nameOrDirectory), verify);

    /// <summary>Folder of the user's own bundles: <c>~/.local/share/rewas/models</c> on Linux.</summary>
    public static string UserFolder => BundleSearch.UserFolder;

    /// <summary>Folders of all bundles that <see cref="Find"/> finds by name.</summary>
    public static IEnumerable<string> All() => BundleSearch.All();

    /// <summary>Whether a bundle name is valid: lower-case letters, digits and hyphens, at most 64.</summary>
    public static bool IsName(string name) => BundleManifestCheck.IsName(name);

    /// <summary>Full path of a file that bundle.json lists.</summary>
    public string Path(string file) => Manifest.Files.ContainsKey(file)
        ? System.IO.Path.Combine(Directory, file)
        : throw InputFault.NotFound(Field, $"'{Manifest.Name}' has no file '{file}'; it has {string.Join(", ", Manifest.Files.Keys)}");

    public BundleNetwork Network(string network) => Manifest.Networks.TryGetValue(network, out var found)
        ? found
        : throw InputFault.NotFound(
            "network", $"bundle '{Manifest.Name}' has no network '{network}'; it has {string.Join(", ", Manifest.Networks.Keys)}");

    /// <summary>Opens the file with a network's weights. The caller disposes it.</summary>
    public SafetensorsFile Weights(string network) => SafetensorsFile.Open(Path(Network(network).File));

    /// <summary>
    /// Records that the files match bundle.json because they were just written, so that <see cref="Open"/> need not hash large ones again.
    /// </summary>
    public void MarkVerified() => VerifiedFiles.Note(Manifest.Files.Select(file => (new FileInfo(Path(file.Key)), file.Value.Sha256)));

    void Verify()
    {
        var known = VerifiedFiles.Load();
        var faults = new ConcurrentBag<string>();
        Parallel.ForEach(Manifest.Files, entry =>
        {
            var (name, expected) = entry;
            var file = new FileInfo(Path(name));
            if (!file.Exists)
                faults.Add($"file '{name}' is missing");
            else if (file.Length != expected.Bytes)
                faults.Add($"file '{name}' has {file.Length} bytes, but {expected.Bytes} are expected");
            else if (!known.Says(file, expected.Sha256) && FileHash.Of(file.FullName) is var found && found != expected.Sha256)
                faults.Add($"file '{name}' has SHA-256 {found}, but {expected.Sha256} is expected");
        });
        if (!faults.IsEmpty)
            throw InputFault.Precondition(Field, $"'{Directory}' is damaged: {string.Join("; ", faults.Order(StringComparer.Ordinal))}");
        MarkVerified();
    }
}
