using Rewas.Faults;

namespace Rewas.Checkpoints;

/// <summary>Where bundles are looked for by name.</summary>
static class BundleSearch
{
    const string PathVariable = "REWAS_MODELS";
    const string ModelsFolder = "models";

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
        throw InputFault.NotFound("bundle", $"'{nameOrDirectory}' is not there; no {Bundle.ManifestFileName} in {string.Join(", ", looked)}");
    }

    static IEnumerable<string> Candidates(string nameOrDirectory)
    {
        yield return Path.GetFullPath(nameOrDirectory);
        if (!BundleManifestCheck.IsPlainName(nameOrDirectory))
            yield break;

        foreach (var folder in (Environment.GetEnvironmentVariable(PathVariable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return Path.Combine(folder, nameOrDirectory);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, ModelsFolder);
            if (Directory.Exists(models))
                yield return Path.Combine(models, nameOrDirectory);
        }
        yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "rewas", ModelsFolder, nameOrDirectory);
    }
}
