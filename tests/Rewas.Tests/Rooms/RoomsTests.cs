using System.Text.RegularExpressions;

namespace Rewas.Tests.Rooms;

/// <summary>The plan of docs/architecture.md, held against the projects as they are.</summary>
public sealed partial class RoomsTests
{
    const int MostProjects = 32;

    /// <summary>All but the samples, which are written as their readers would write them.</summary>
    public static TheoryData<string> Names => [.. Project.All.Where(project => !project.IsSample).Select(project => project.Name)];

    public static TheoryData<string> Products =>
        [.. Project.All.Where(project => !project.IsSample && !project.IsTest).Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Products))]
    public void No_folder_uses_itself_through_another(string name)
    {
        var graph = FolderGraph.Of(Of(name).Load());
        Assert.True(graph.InCycles.Count == 0, $"Folders of {name} that use each other in a circle:\n{graph.Text}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_namespace_of_a_file_is_its_folder(string name)
    {
        var project = Of(name);
        Assert.All(project.Sources, path =>
        {
            var declared = NamespacePattern().Match(File.ReadAllText(Path.Combine(Repository.Root, path)));
            var below = Path.GetDirectoryName(path)![project.Folder.Length..].Replace('/', '.').Replace('\\', '.');
            if (declared.Success)
                Assert.Equal(project.RootNamespace + below, declared.Groups[1].Value);
        });
    }

    [Fact]
    public void A_newcomer_can_count_the_projects() =>
        Assert.True(
            Project.All.Count <= MostProjects,
            $"{Project.All.Count} projects, but at most {MostProjects} are wanted:\n{string.Join('\n', Project.All)}");

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Rewas.Platform.sln")).Replace('\\', '/');
        Assert.All(Project.All, project => Assert.Contains($"\"{project.Path}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void The_plan_has_a_paragraph_for_each_library()
    {
        var plan = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        Assert.All(Project.All.Where(project => project.Folder.StartsWith("libs/", StringComparison.Ordinal)), project =>
            Assert.Contains($"**[{project.Folder["libs/".Length..]}](../{project.Folder})**", plan, StringComparison.Ordinal));
    }

    [Fact]
    public void No_service_depends_on_a_service() =>
        Assert.All(
            Project.All.Where(project => project.IsService), project => Assert.DoesNotContain(project.Needs, needed => needed.IsService));

    [Theory]
    [InlineData("Rewas.Clip")]
    [InlineData("Rewas.Protocol")]
    [InlineData("Rewas.Video")]
    [InlineData("Rewas.Sound")]
    [InlineData("Rewas.Client")]
    public void What_a_client_needs_knows_no_neural_network(string name) =>
        Assert.DoesNotContain(
            Of(name).Needs, needed => needed.Name.StartsWith("Rewas.Networks", StringComparison.Ordinal) || needed.Name == "Rewas.Bundles");

    [Theory]
    [InlineData("Rewas.Evaluation")]
    [InlineData("Rewas.Trainer")]
    public void The_installed_tool_goes_without(string name) => Assert.DoesNotContain(Of("Rewas.Cli").Needs, needed => needed.Name == name);

    [Fact]
    public void The_gateway_carries_no_runtime_of_networks() =>
        Assert.DoesNotContain(Of("Rewas.Gateway").Needs, needed => needed.Name is "Rewas.Networks.Onnx" or "Rewas.Text");

    static Project Of(string name) => Project.All.Single(project => project.Name == name);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();
}
