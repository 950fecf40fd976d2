using System.Reflection;
using System.Runtime.Loader;
using System.Xml.Linq;

namespace Rewas.Tests.Rooms;

/// <summary>A project of the checkout.</summary>
sealed class Project
{
    static readonly string Configuration = typeof(Project).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    readonly XDocument content;

    Project(string path)
    {
        (Path, content) = (path, XDocument.Load(System.IO.Path.Combine(Repository.Root, path)));
        Folder = System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/');
    }

    /// <summary>Every project, tests and samples too.</summary>
    public static IReadOnlyList<Project> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(["bin", "obj", "artifacts"]).Any())
            .Order(StringComparer.Ordinal).Select(path => new Project(path)),
    ];

    /// <summary>From the repository's root, as `libs/Clip/Rewas.Clip.csproj`.</summary>
    public string Path { get; }

    public string Folder { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string RootNamespace => Property("RootNamespace") ?? Name;

    public bool IsTest => Folder.StartsWith("tests/", StringComparison.Ordinal);

    public bool IsSample => Folder.StartsWith("samples/", StringComparison.Ordinal);

    public bool IsPackage => Property("IsPackable") == "true";

    /// <summary>A package that carries its assemblies.</summary>
    public bool IsTool => Property("PackAsTool") == "true";

    public string? Description => Property("Description");

    public bool IsService => Folder.StartsWith("services/", StringComparison.Ordinal);

    string AssemblyName => Property("AssemblyName") ?? Name;

    bool IsProgram => !IsTest && (Property("OutputType") == "Exe" || content.Root!.Attribute("Sdk")!.Value == "Microsoft.NET.Sdk.Web");

    /// <summary>The projects that it refers to.</summary>
    public IEnumerable<Project> References => content.Descendants("ProjectReference")
        .Select(
            reference => System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Root, Folder, reference.Attribute("Include")!.Value)))
        .Select(path => All.Single(project => System.IO.Path.Combine(Repository.Root, project.Path) == path));

    /// <summary>The projects that it needs, directly or not.</summary>
    public IReadOnlySet<Project> Needs
    {
        get
        {
            var (needed, open) = (new HashSet<Project>(), new Stack<Project>([this]));
            while (open.TryPop(out var next))
                foreach (var reference in next.References.Where(needed.Add))
                    open.Push(reference);
            return needed;
        }
    }

    /// <summary>Its C# files, from the repository's root, with what was written into obj/ left out.</summary>
    public IEnumerable<string> Sources =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, Folder), "*.cs", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>
    /// The project as it was built. A library is taken from a program that needs it, where its packages lie beside it. `./test.sh` builds
    /// all projects before it runs any test.
    /// </summary>
    public Assembly Load()
    {
        var program = IsProgram ? this : All.First(project => project.IsProgram && project.Needs.Contains(this));
        var folder = System.IO.Path.Combine(Repository.Root, program.Folder, "bin", Configuration, "net10.0");
        var file = System.IO.Path.Combine(folder, AssemblyName + ".dll");
        Assert.True(File.Exists(file), $"{file} is missing: build Rewas.Platform.sln first");
        return new BuiltProgram(System.IO.Path.Combine(folder, program.AssemblyName + ".dll")).LoadFromAssemblyPath(file);
    }

    public override string ToString() => Name;

    string? Property(string name) => content.Descendants(name).FirstOrDefault()?.Value;

    /// <summary>A program's own assemblies and packages, as they lie beside it.</summary>
    sealed class BuiltProgram(string file) : AssemblyLoadContext(file)
    {
        readonly AssemblyDependencyResolver resolver = new(file);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
