using System.Text.Json;

namespace Rewas.EndToEnd.Tests;

public class PrecisionTests
{
    [Fact]
    public async Task A_sound_in_int8_says_so_and_is_made_again_in_int8()
    {
        using var folder = new TemporaryFolder();
        var (exact, rounded) = (
            await GenerateAsync(folder.File("exact.wav")), await GenerateAsync(folder.File("rounded.wav"), "--precision", "int8"));
        Assert.True(exact.ExitCode == 0 && rounded.ExitCode == 0, exact.Error + rounded.Error);
        Assert.NotEqual(await File.ReadAllBytesAsync(folder.File("exact.wav")), await File.ReadAllBytesAsync(folder.File("rounded.wav")));
        Assert.Equal(("f32", "int8"), (PrecisionOf(folder.File("exact.wav.json")), PrecisionOf(folder.File("rounded.wav.json"))));

        var again = await Programs.RewasAsync("render", folder.File("rounded.wav.json"), "-o", folder.File("again.wav"));
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("the same samples as before", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not the same", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("precision: must be one of f32, int8, f16, but is 'int4'", "--precision", "int4")]
    [InlineData("precision: must not be given with --gateway", "--precision", "int8", "--gateway", "http://127.0.0.1:1")]
    public async Task A_precision_that_cannot_be_had_is_refused(string message, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var outcome = await GenerateAsync(folder.File("out.wav"), options);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Entries);
    }

    /// <summary>With so few sounds the figures say nothing about the bundle. The test is that they are measured and judged.</summary>
    [Fact]
    public async Task The_guard_measures_both_precisions_on_the_same_requests()
    {
        var outcome = await Programs.EvaluateAsync("precision", "--clips", "2", "--json");
        var report = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal(outcome.ExitCode, report.GetProperty("losses").GetArrayLength() == 0 ? 0 : 1);
        foreach (var precision in (string[])["float32", "int8"])
            Assert.InRange(report.GetProperty(precision).GetProperty("energyCorrelation").GetDouble(), 0.3, 1);
        Assert.InRange(report.GetProperty("melDifference").GetDouble(), 1e-4, 0.5);
    }

    static string PrecisionOf(string sidecar) =>
        JsonDocument.Parse(File.ReadAllText(sidecar)).RootElement.GetProperty("sampler").GetProperty("precision").GetString()!;

    static Task<Outcome> GenerateAsync(string output, params string[] more) =>
        Programs.RewasAsync(["generate", Programs.Sample, "--prompt", "a hammer striking metal", "-o", output, "--steps", "4", .. more]);
}
