using System.Text.RegularExpressions;

namespace Rewas.EndToEnd.Tests;

public partial class ReadmeTests
{
    /// <summary>Commands that a test cannot run inside itself, or that need the output of another command.</summary>
    static readonly string[] NotRun = ["git clone", "./test.sh", "./rewas serve", "./rewas train"];

    [Fact]
    public async Task The_commands_of_the_README_run_as_written()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Programs.RepositoryRoot, "README.md"), TestContext.Current.CancellationToken);
        var commands = ShellBlocks().Matches(readme).SelectMany(block => block.Groups[1].Value.Split('\n')).Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith('#') && !NotRun.Any(skip => line.StartsWith(skip, StringComparison.Ordinal)))
                .ToList();
        Assert.NotEmpty(commands);
        using var folder = new TemporaryFolder();
        foreach (var command in commands)
        {
            // Outputs go to the test's folder instead of the checkout.
            var run = OutputFile().Replace(command, match => $"-o {folder.File(match.Groups[1].Value)}");
            var outcome = await Programs.RunAsync("bash", ["-c", run]);
            Assert.True(outcome.ExitCode == 0, $"{command}: {outcome.Error}");
        }
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlocks();

    [GeneratedRegex(@"-o ([\w.-]+)")]
    private static partial Regex OutputFile();
}
