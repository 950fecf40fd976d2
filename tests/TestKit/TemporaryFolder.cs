namespace Rewas.TestKit;

/// <summary>A folder for one test. It is deleted when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-test-");

    public string Path => folder.FullName;

    /// <summary>Names of everything in it, relative to it.</summary>
    public IEnumerable<string> Entries =>
        folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(e => System.IO.Path.GetRelativePath(Path, e.FullName));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => folder.Delete(recursive: true);
}
