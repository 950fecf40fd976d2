using System.Xml.Linq;

namespace Rewas.Tests.Contributing;

/// <summary>A project of the solution.</summary>
/// <param name="Path">Full path of its file.</param>
sealed record ProjectFile(string Path)
{
    readonly XDocument document = XDocument.Load(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsPackage => Property("IsPackable") == "true";

    public bool IsTool => Property("PackAsTool") == "true";

    public IEnumerable<ProjectFile> References => document.Descendants("ProjectReference")
        .Select(reference => System.IO.Path.Combine(Folder, reference.Attribute("Include")!.Value))
        .Select(path => new ProjectFile(System.IO.Path.GetFullPath(path)));

    /// <summary>All projects of the checkout.</summary>
    public static IEnumerable<ProjectFile> All() => Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        .Where(path => !System.IO.Path.GetRelativePath(Repository.Root, path).Split('/').Intersect(["bin", "obj", "artifacts"]).Any())
        .Select(path => new ProjectFile(path));

    public string? Property(string name) => document.Descendants(name).SingleOrDefault()?.Value;
}
