namespace Rewas.Tests;

/// <summary>Reference fixtures and recordings that lie beside the repository where it is developed; a user's machine has none.</summary>
static class SharedData
{
    static readonly string Root = Environment.GetEnvironmentVariable("REWAS_SHARED") ?? FindBesideRepository();

    /// <summary>Full path of a shared file or folder. Skips the test where it is absent, or fails it if REWAS_REQUIRE_SHARED=1.</summary>
    public static string Require(string relativePath)
    {
        var path = Path.Combine(Root, relativePath);
        if (File.Exists(path) || Directory.Exists(path))
            return path;
        if (Environment.GetEnvironmentVariable("REWAS_REQUIRE_SHARED") == "1")
            Assert.Fail($"shared data is required, but '{relativePath}' is absent");
        Assert.Skip($"shared data '{relativePath}' is absent");
        return path;
    }

    static string FindBesideRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rewas.Platform.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.Parent?.FullName ?? "/", "shared");
    }
}
