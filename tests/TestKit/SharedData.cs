namespace Rewas.TestKit;

/// <summary>
/// Filmed clips that lie beside the repository during development: REWAS_SHARED, else ../shared. A user's machine has none. A test that
/// needs one has [Trait(SharedData.Trait, SharedData.Category)]. By this trait CI finds the tests to run again where the clips are.
/// </summary>
public static class SharedData
{
    public const string Trait = "Category", Category = "Shared";

    static string Root =>
        Environment.GetEnvironmentVariable("REWAS_SHARED") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Path.GetDirectoryName(Repository.Root)!, "shared");

    /// <summary>Full path of a shared file or folder. Skips the test if it is absent, or fails it if REWAS_REQUIRE_SHARED=1.</summary>
    public static string Require(string relativePath)
    {
        // In a static initialiser or a fixture, a skip would be an error of the type, but only on machines without the file. So it is
        // refused everywhere.
        if (TestContext.Current.Test is not { } test)
            throw new InvalidOperationException(
                $"shared data '{relativePath}' must be asked for inside a test, not while its class is initialised");
        if (!test.Traits.TryGetValue(Trait, out var categories) || !categories.Contains(Category))
            throw new InvalidOperationException(
                $"{test.TestDisplayName} asks for shared data '{relativePath}', so it must have "
                + "[Trait(SharedData.Trait, SharedData.Category)]");
        var path = Path.Combine(Root, relativePath);
        if (File.Exists(path) || Directory.Exists(path))
            return path;
        if (Environment.GetEnvironmentVariable("REWAS_REQUIRE_SHARED") == "1")
            Assert.Fail($"shared data is required, but '{relativePath}' is absent");
        Assert.Skip($"shared data '{relativePath}' is absent");
        return path;
    }
}
