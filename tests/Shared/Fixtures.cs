namespace Rewas.Tests;

/// <summary>The reference fixtures, tests/fixtures: what the published networks gave. They are in every checkout, so no test skips for want of them.</summary>
static class Fixtures
{
    /// <summary>Full path of a fixture.</summary>
    /// <param name="name">Below the folder, e.g. "checkpoints/legacy.pt".</param>
    public static string Find(string name) => Path.Combine(Repository.Root, "tests", "fixtures", name);
}
