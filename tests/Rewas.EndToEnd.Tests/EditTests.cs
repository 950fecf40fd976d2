using System.Text.Json;

namespace Rewas.EndToEnd.Tests;

public class EditTests
{
    static readonly string[] Quick = ["--prompt", "a hammer striking metal", "--steps", "2"];

    [Fact]
    public async Task An_edited_curve_is_rendered_as_the_same_edits_are()
    {
        using var folder = new TemporaryFolder();
        await OkAsync("energy", Programs.Sample, "-o", folder.File("curve.csv"), "--plot", folder.File("curve.png"));
        await OkAsync(
            "edit", folder.File("curve.csv"), "--gain", "1.2s..2.0s=-12dB", "--event", "3.1s=+0dB", "--shift", "-0.1s",
            "-o", folder.File("new.csv"));
        await OkAsync(["generate", Programs.Sample, .. Quick, "--curve", folder.File("new.csv"), "-o", folder.File("curve.wav")]);
        await OkAsync([
            "generate",
            Programs.Sample,
            .. Quick,
            "--gain",
            "1.2s..2.0s=-12dB",
            "--event",
            "3.1s=+0dB",
            "--shift",
            "-0.1s",
            "-o",
            folder.File("edits.wav"),
        ]);
        Assert.Equal(await BytesAsync(folder.File("curve.wav")), await BytesAsync(folder.File("edits.wav")));
        Assert.Equal([0x89, .. "PNG"u8], (await BytesAsync(folder.File("curve.png")))[..4]);
        Assert.Equal(
            ["gain 1.2s..2s=-12dB", "event 3.1s=+0dB", "shift -0.1s"],
            Sidecar(folder.File("edits.wav.json")).GetProperty("energyEdits").EnumerateArray().Select(edit => edit.GetString()));
    }

    [Fact]
    public async Task A_sidecar_makes_the_same_samples_again_and_says_so()
    {
        using var folder = new TemporaryFolder();
        await OkAsync([
            "generate",
            Programs.Sample,
            .. Quick,
            "--environment",
            "rain",
            "--loudness",
            "-20",
            "--stems",
            "--mute",
            "1s..2s",
            "-o",
            folder.File("out.flac"),
        ]);
        var outcome = await OkAsync("render", folder.File("out.flac.json"), "-o", folder.File("again.flac"));
        Assert.Contains("the same samples as before", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(await BytesAsync(folder.File("out.flac")), await BytesAsync(folder.File("again.flac")));
        Assert.True(File.Exists(folder.File("out.primary.wav")) && File.Exists(folder.File("out.environment.wav")));
        Assert.Equal(
            -20, Sidecar(folder.File("out.flac.json")).GetProperty("finish").GetProperty("levels").GetProperty("loudness").GetDouble(),
            0.1);
        Assert.Equal(6 * 48_000, Sidecar(folder.File("out.flac.json")).GetProperty("finish").GetProperty("samples").GetInt64());
    }

    [Fact]
    public async Task A_second_render_finds_the_energy_in_the_cache()
    {
        using var folder = new TemporaryFolder();
        var cache = new Dictionary<string, string> { ["REWAS_CACHE"] = folder.File("cache") };
        foreach (var name in new[] { "first.wav", "second.wav" })
        {
            var outcome = await Programs.RunAsync(
                "dotnet", [Programs.Dll("rewas"), "generate", Programs.Sample, .. Quick, "-o", folder.File(name)], environment: cache);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
        }
        Assert.Equal(await BytesAsync(folder.File("first.wav")), await BytesAsync(folder.File("second.wav")));
        Assert.Equal(4, Sidecar(folder.File("first.wav.json")).GetProperty("stages").EnumerateObject().Count());
        Assert.Equal(
            ["AudioDiffusion", "Vocoder"],
            Sidecar(folder.File("second.wav.json")).GetProperty("stages").EnumerateObject().Select(stage => stage.Name));
    }

    [Fact]
    public async Task A_cut_of_the_picture_begins_the_sound_anew_however_its_curve_came()
    {
        using var folder = new TemporaryFolder();
        var cache = new Dictionary<string, string> { ["REWAS_CACHE"] = folder.File("cache") };
        var film = await Programs.RunAsync(
            "ffmpeg",
            [
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc=d=3:s=160x120:r=25",
                "-f",
                "lavfi",
                "-i",
                "smptebars=d=3:s=160x120:r=25",
                "-filter_complex",
                "concat",
                folder.File("cut.mp4"),
            ]);
        Assert.True(film.ExitCode == 0, film.Error);

        Assert.Contains(
            "cuts at 3.00 s", (await RunAsync("energy", folder.File("cut.mp4"), "-o", folder.File("curve.csv"))).Output,
            StringComparison.Ordinal);
        await RunAsync(["generate", folder.File("cut.mp4"), .. Quick, "-o", folder.File("out.wav")]);
        await RunAsync(["generate", folder.File("cut.mp4"), .. Quick, "--curve", folder.File("curve.csv"), "-o", folder.File("curve.wav")]);
        await RunAsync(["generate", folder.File("cut.mp4"), .. Quick, "--ignore-cuts", "-o", folder.File("over.wav")]);
        await RunAsync("render", folder.File("out.wav.json"), "-o", folder.File("again.wav"));
        await RunAsync("render", folder.File("over.wav.json"), "-o", folder.File("over-again.wav"));

        Assert.Equal([3], Sidecar(folder.File("out.wav.json")).GetProperty("cuts").EnumerateArray().Select(cut => cut.GetDouble()));
        Assert.False(Sidecar(folder.File("over.wav.json")).TryGetProperty("cuts", out _));
        foreach (var same in new[] { "curve.wav", "again.wav" })
            Assert.Equal(await BytesAsync(folder.File("out.wav")), await BytesAsync(folder.File(same)));
        Assert.NotEqual(await BytesAsync(folder.File("out.wav")), await BytesAsync(folder.File("over.wav")));
        Assert.Equal(await BytesAsync(folder.File("over.wav")), await BytesAsync(folder.File("over-again.wav")));

        async Task<Outcome> RunAsync(params string[] arguments)
        {
            var outcome = await Programs.RunAsync("dotnet", [Programs.Dll("rewas"), .. arguments], environment: cache);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
            return outcome;
        }
    }

    [Theory]
    [InlineData("gain", "--gain", "1s..9s=-3dB")]
    [InlineData("mute", "--mute", "1s")]
    [InlineData("loudness", "--loudness", "3")]
    [InlineData("original", "--original", "mix")]
    [InlineData("sample-rate", "--sample-rate", "22050")]
    [InlineData("environment-gain", "--environment-gain", "-3")]
    [InlineData("curve", "--curve", "missing.csv")]
    public async Task Refuses_impossible_values(string named, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var outcome = await Programs.RewasAsync(["generate", Programs.Sample, .. Quick, "-o", folder.File("out.mp4"), .. arguments]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"rewas: {named}", outcome.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Empty(folder.Entries);
    }

    static async Task<Outcome> OkAsync(params string[] arguments)
    {
        var outcome = await Programs.RewasAsync(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }

    static Task<byte[]> BytesAsync(string path) => File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

    static JsonElement Sidecar(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;
}
