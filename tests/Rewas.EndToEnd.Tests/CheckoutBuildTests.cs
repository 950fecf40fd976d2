using Rewas.Cli.Running;

namespace Rewas.EndToEnd.Tests;

/// <summary>A program of the checkout is built if its sources are newer, and the command that the user types says so.</summary>
public sealed class CheckoutBuildTests : IDisposable
{
    static readonly DateTime Built = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void A_program_that_was_never_built_is_not_current() => Assert.False(Build().IsCurrent());

    [Theory]
    [InlineData("evaluation/Rewas.Evaluation/Page.cs", false)]
    [InlineData("evaluation/Rewas.Evaluation/Listening/page.js", false)]
    [InlineData("libs/Sound/Wave.cs", false)]
    [InlineData("Directory.Packages.props", false)]
    [InlineData("libs/Sound/obj/Wave.g.cs", true)]
    [InlineData("libs/Sound/bin/Release/Wave.json", true)]
    [InlineData("tests/Rewas.Tests/WaveTests.cs", true)]
    [InlineData("docs/wave.md", true)]
    public void A_program_is_current_until_one_of_its_sources_is_newer(string changed, bool isCurrent)
    {
        Write("evaluation/Rewas.Evaluation/bin/Release/net10.0/rewas-evaluate.dll", Built);
        Write("evaluation/Rewas.Evaluation/Program.cs", Built.AddHours(-1));
        Assert.True(Build().IsCurrent());
        Write(changed, Built.AddHours(1));
        Assert.Equal(isCurrent, Build().IsCurrent());
        // A change of one library leaves the program's own assembly as it is.
        Write("evaluation/Rewas.Evaluation/bin/Release/net10.0/Rewas.Sound.dll", Built.AddHours(2));
        Assert.True(Build().IsCurrent());
    }

    [Fact]
    public async Task A_build_that_fails_is_announced_and_its_faults_are_shown()
    {
        Write(
            "evaluation/Rewas.Evaluation/Rewas.Evaluation.csproj", Built,
            "<Project><Target Name=\"Restore\"><Error Text=\"no luck\" /></Target></Project>");
        var error = Console.Error;
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            Assert.NotEqual(0, await Build().EnsureAsync());
        }
        finally
        {
            Console.SetError(error);
        }
        Assert.StartsWith("building evaluation/Rewas.Evaluation;", said.ToString());
        Assert.Contains("no luck", said.ToString());
    }

    CheckoutBuild Build() => new(root.Path, "evaluation/Rewas.Evaluation", "rewas-evaluate");

    void Write(string name, DateTime time, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root.File(name))!);
        File.WriteAllText(root.File(name), text);
        File.SetLastWriteTimeUtc(root.File(name), time);
    }
}
