using Rewas.Clip.Faults;

namespace Rewas.Bundles;

/// <summary>Searches bundles by name.</summary>
static class BundleSearch
{
    const string PathVariable = "REWAS_MODELS";
    const string ModelsFolder = "models";

    public static string UserFolder =>
        Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "rewas", ModelsFolder);

    /// <returns>Full path of the bundle's folder.</returns>
    public static string Find(string nameOrDirectory)
    {
        if (string.IsNullOrWhiteSpace(nameOrDirectory) || nameOrDirectory.Contains('\0'))
            throw InputFault.Invalid("bundle", "must be the name of a bundle or its folder, but is empty");

        var looked = new List<string>();
        foreach (var folder in Candidates(nameOrDirectory))
        {
            if (File.Exists(Path.Combine(folder, Bundle.ManifestFileName)))
                return Path.GetFullPath(folder);
            looked.Add(folder);
        }
        throw InputFault.NotFound(
            "bundle", $"'{nameOrDirectory}' was not found; no {Bundle.ManifestFileName} in {string.Join(", ", looked)}");
    }

    static IEnumerable<string> Candidates(string nameOrDirectory)
    {
        yield return Path.GetFullPath(nameOrDirectory);
        if (!BundleManifestCheck.IsPlainName(nameOrDirectory))
            yield break;

        foreach (var models in Folders())
            yield return Path.Combine(models, nameOrDirectory);
    }

    /// <summary>Folders of all bundles that a name can find. If two share a name, only the one that is found first is listed.</summary>
    public static IEnumerable<string> All() => Folders().Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
        .Where(folder => File.Exists(Path.Combine(folder, Bundle.ManifestFileName))).DistinctBy(Path.GetFileName);

    static IEnumerable<string> Folders()
    {
        foreach (var models in (Environment.GetEnvironmentVariable(PathVariable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return models;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, ModelsFolder);
            if (Directory.Exists(models))
                yield return models;
        }
        yield return UserFolder;
    }
}
