using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Comparison;
using Rewas.Evaluation.Reports;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Evaluation;

public sealed class FolderComparisonTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_against_itself_is_at_no_distance()
    {
        await WriteTonesAsync("a");
        var report = (await CompareAsync("a", "a")).Report;
        Assert.InRange(Value(report, "Frechet distance"), 0, 1e-6);
        Assert.Equal(0, Value(report, "mean KL"));
        Assert.Equal(0, Value(report, "energy MAE"));
        Assert.Equal(0, Value(report, "texture distance"));
        Assert.Equal(1, Value(report, "energy correlation"), 1e-6);
        Assert.Equal("mean mel", report.Systems[0].Figures.Single(f => f.Name == "Frechet distance").Network);
    }

    [Fact]
    public async Task A_folder_against_noise_is_far()
    {
        await WriteTonesAsync("a");
        await WriteAsync("b", i => Sounds.Noise(16_000, 0.3, seed: i));
        var report = (await CompareAsync("a", "b")).Report;
        Assert.True(Value(report, "Frechet distance") > 50, $"{Value(report, "Frechet distance")}");
        Assert.True(Value(report, "mean KL") > 0.1, $"{Value(report, "mean KL")}");
        Assert.True(Value(report, "texture distance") > 0.2, $"{Value(report, "texture distance")}");
    }

    [Fact]
    public async Task The_same_folders_give_the_same_report_byte_for_byte()
    {
        await WriteTonesAsync("a");
        await WriteAsync("b", i => Sounds.Noise(16_000, 0.3, seed: i));
        foreach (var output in (string[])["one", "two"])
        {
            var (report, examples) = await CompareAsync("a", "b");
            await report.WriteAsync(folder.File(output), examples, default);
        }
        foreach (var file in (string[])["report.md", "report.json", "report.csv", "report.html"])
            Assert.Equal(
                await File.ReadAllBytesAsync(folder.File($"one/{file}")), await File.ReadAllBytesAsync(folder.File($"two/{file}")));
        var page = await File.ReadAllTextAsync(folder.File("one/report.html"));
        Assert.Equal(4, page.Split("<audio").Length - 1);                    // two pairs of players
        Assert.Contains("data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Equal(7, (await File.ReadAllLinesAsync(folder.File("one/report.csv"))).Length);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("one/report.json")));
        Assert.Equal(6, json.RootElement.GetProperty("systems")[0].GetProperty("clips").GetArrayLength());
    }

    [Fact]
    public async Task Folders_without_common_names_are_compared_as_sets_alone()
    {
        await WriteTonesAsync("a");
        await WriteAsync("b/below", i => Sounds.Noise(16_000, 0.3, seed: i));
        var report = (await CompareAsync("a", "b")).Report;
        Assert.Contains(report.Systems[0].Figures, f => f.Name == "Frechet distance");
        Assert.DoesNotContain(report.Systems[0].Figures, f => f.Name == "energy MAE");
        Assert.Contains(report.Notes, note => note.Contains("nothing is compared clip by clip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Empty_and_absent_folders_are_told()
    {
        await WriteTonesAsync("a");
        Directory.CreateDirectory(folder.File("empty"));
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<InputFault>(() => CompareAsync("a", "none"))).Message);
        Assert.Contains("has no recordings", (await Assert.ThrowsAsync<InputFault>(() => CompareAsync("a", "empty"))).Message);
    }

    Task<(EvaluationReport Report, IReadOnlyList<Example> Examples)> CompareAsync(string real, string generated) =>
        new FolderComparison([new MeanMelNetwork()])
            .RunAsync(folder.File(real), folder.File(generated), players: 2, new Progress<(int, int)>(), default);

    Task WriteTonesAsync(string below) => WriteAsync(below, i => Sounds.Sine(200 * (i + 1), 16_000, 16_000));

    async Task WriteAsync(string below, Func<int, float[]> sound)
    {
        Directory.CreateDirectory(folder.File(below));
        for (var i = 0; i < 6; i++)
            await WavFile.WriteAsync(folder.File($"{below}/clip{i}.wav"), new Waveform(sound(i), 16_000));
    }

    static double Value(EvaluationReport report, string figure) => report.Systems[0].Figures.Single(f => f.Name == figure).Value;
}
