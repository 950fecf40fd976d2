using System.Text.Json;

namespace Rewas.EndToEnd.Tests;

/// <summary>Runs `rewas evaluate table1` as a user does, with the embedded bundle.</summary>
[Trait("Category", "FullSize")]
public class TableTests
{
    const string Models = "text-only,energy,energy+check";

    // Takes minutes and has not yet been seen to end on a quiet machine. Run it with -explicit on.
    [Fact(Explicit = true)]
    public async Task After_a_kill_or_in_shards_the_report_is_the_same_and_energy_beats_text_alone()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await TableAsync(folder.File("whole"))).ExitCode);

        using (var killed = Programs.Start("dotnet", [Programs.Dll("rewas"), .. Arguments(folder.File("killed"))]))
        {
            while (Measured(folder.File("killed")) < 4)
            {
                Assert.False(killed.HasExited, "it ended before it could be killed");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
            killed.Kill(entireProcessTree: true);
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.InRange(Measured(folder.File("killed")), 4, 17);
        Assert.Equal(0, (await TableAsync(folder.File("killed"))).ExitCode);
        Assert.Equal(ReportOf(folder.File("whole")), ReportOf(folder.File("killed")));

        Assert.Contains("part 1 of 2 is done", (await TableAsync(folder.File("parts"), "--shard", "1/2")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await TableAsync(folder.File("parts"), "--shard", "2/2")).ExitCode);
        Assert.Equal(ReportOf(folder.File("whole")), ReportOf(folder.File("parts")));

        using var report = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder.File("whole"), "report.json"), TestContext.Current.CancellationToken));
        Assert.Equal(
            ["text-only", "energy", "energy-check"],
            report.RootElement.GetProperty("systems").EnumerateArray().Select(system => system.GetProperty("name").GetString()));
        Assert.True(Figure(report, "energy", "energy MAE") < Figure(report, "text-only", "energy MAE"));
        Assert.True(Figure(report, "energy", "energy correlation") > Figure(report, "text-only", "energy correlation") + 0.3);
        Assert.InRange(Figure(report, "energy-check", "replaced prompts"), 0, 0.5);
    }

    static string[] Arguments(string output, params string[] more) =>
        [
            "table1",
            "--dataset",
            "procedural",
            "--limit",
            "6",
            "--mismatch",
            "--models",
            Models,
            "--steps",
            "4",
            "--players",
            "1",
            "-o",
            output,
            .. more,
        ];

    static Task<Outcome> TableAsync(string output, params string[] more) => Programs.EvaluateAsync(Arguments(output, more));

    static int Measured(string output) =>
        Directory.Exists(output)
            ? Directory.GetFiles(output, "*.json", SearchOption.AllDirectories)
                .Count(file => file.Contains("/measures/", StringComparison.Ordinal))
            : 0;

    static string ReportOf(string output) =>
        string.Concat(Directory.GetFiles(output, "report.*").Order(StringComparer.Ordinal).Select(File.ReadAllText));

    static double Figure(JsonDocument report, string system, string figure) => report.RootElement.GetProperty("systems").EnumerateArray()
        .Single(s => s.GetProperty("name").GetString() == system).GetProperty("figures").EnumerateArray()
        .First(f => f.GetProperty("name").GetString() == figure).GetProperty("value").GetDouble();
}
