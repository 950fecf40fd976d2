namespace Rewas.Tests.Fuzzing;

/// <summary>Small inputs of each target, tests/fixtures/fuzz/TARGET. Among them are inputs that once were findings.</summary>
static class Corpus
{
    public static string FolderOf(string target) => Path.Combine(Repository.Root, "tests", "fixtures", "fuzz", target);

    public static List<byte[]> Of(string target) =>
        [.. Directory.GetFiles(FolderOf(target)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
