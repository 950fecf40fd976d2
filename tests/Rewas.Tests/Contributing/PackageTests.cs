using System.Reflection;
using Rewas.Tests.Rooms;

namespace Rewas.Tests.Contributing;

/// <summary>That others can restore the packages. scripts/try-packages.sh tries it.</summary>
public sealed class PackageTests
{
    static readonly string[] Lists = ["PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt"];

    public static TheoryData<string> Packages => [.. Project.All.Where(project => project.IsPackage).Select(project => project.Name)];

    [Fact]
    public void The_client_is_a_package() =>
        Assert.Contains(Project.All, project => project is { IsPackage: true, Name: "Rewas.Client" });

    [Theory]
    [MemberData(nameof(Packages))]
    public void Whatever_a_package_references_is_a_package(string name)
    {
        var project = Find(name);
        if (!project.IsTool)                                                 // a tool carries its assemblies
            Assert.Empty(project.References.Where(reference => !reference.IsPackage).Select(reference => reference.Name));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_says_what_it_is(string name)
    {
        var project = Find(name);
        Assert.False(string.IsNullOrWhiteSpace(project.Description), "it has no Description");
        var readme = new MarkdownFile(Path.Combine(project.Folder, "README.md"));
        Assert.Empty(readme.FileLinks());                                    // a package has no files beside its README
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_API_of_a_library_is_listed(string name)
    {
        var project = Find(name);
        if (!project.IsTool)
            Assert.Contains(
                Lists.SelectMany(list => File.ReadLines(Path.Combine(Repository.Root, project.Folder, list))),
                line => !line.StartsWith('#'));
    }

    [Fact]
    public void Assemblies_have_the_version_of_the_repository_and_not_a_default_one()
    {
        var assembly = typeof(Rewas.Client.RewasClient).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.Matches(@"^\d+\.\d+\.\d+", version);
        Assert.DoesNotMatch(@"^(0\.0|1\.0\.0)\b", version);
    }

    static Project Find(string name) => Project.All.Single(project => project.Name == name);
}
