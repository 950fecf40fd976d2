namespace Rewas.TestKit;

/// <summary>
/// The reference fixtures, tests/fixtures: outputs of the published networks. Every checkout has them, so no test skips for lack of them.
/// </summary>
public static class Fixtures
{
    /// <summary>Full path of a fixture.</summary>
    /// <param name="name">Path below the folder, e.g. "checkpoints/legacy.pt".</param>
    public static string Find(string name) => Path.Combine(Repository.Root, "tests", "fixtures", name);
}
