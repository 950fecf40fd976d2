using System.Text.Json;

namespace Rewas.EndToEnd.Tests;

public class EditTests
{
    static readonly string[] Quick = ["--prompt", "a hammer striking metal", "--steps", "2"];

    [Fact]
    public async Task An_edited_curve_is_rendered_as_the_same_edits_are()
    {
        using var folder = new TestFolder();
        await OkAsync("energy", Programs.Sample, "-o", folder["curve.csv"], "--plot", folder["curve.png"]);
        await OkAsync(
            "edit", folder["curve.csv"], "--gain", "1.2s..2.0s=-12dB", "--event", "3.1s=+0dB", "--shift", "-0.1s", "-o", folder["new.csv"]);
        await OkAsync(["generate", Programs.Sample, .. Quick, "--curve", folder["new.csv"], "-o", folder["curve.wav"]]);
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
            folder["edits.wav"],
        ]);
        Assert.Equal(await BytesAsync(folder["curve.wav"]), await BytesAsync(folder["edits.wav"]));
        Assert.Equal([0x89, .. "PNG"u8], (await BytesAsync(folder["curve.png"]))[..4]);
        Assert.Equal(
            ["gain 1.2s..2s=-12dB", "event 3.1s=+0dB", "shift -0.1s"],
            Sidecar(folder["edits.wav.json"]).GetProperty("energyEdits").EnumerateArray().Select(edit => edit.GetString()));
    }

    [Fact]
    public async Task A_sidecar_makes_the_same_samples_again_and_says_so()
    {
        using var folder = new TestFolder();
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
            folder["out.flac"],
        ]);
        var outcome = await OkAsync("render", folder["out.flac.json"], "-o", folder["again.flac"]);
        Assert.Contains("the same samples as before", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(await BytesAsync(folder["out.flac"]), await BytesAsync(folder["again.flac"]));
        Assert.True(File.Exists(folder["out.primary.wav"]) && File.Exists(folder["out.environment.wav"]));
        Assert.Equal(
            -20, Sidecar(folder["out.flac.json"]).GetProperty("finish").GetProperty("levels").GetProperty("loudness").GetDouble(), 0.1);
        Assert.Equal(6 * 48_000, Sidecar(folder["out.flac.json"]).GetProperty("finish").GetProperty("samples").GetInt64());
    }

    [Fact]
    public async Task A_second_render_finds_the_energy_in_the_cache()
    {
        using var folder = new TestFolder();
        var cache = new Dictionary<string, string> { ["REWAS_CACHE"] = folder["cache"] };
        foreach (var name in new[] { "first.wav", "second.wav" })
        {
            var outcome = await Programs.RunAsync(
                "dotnet", [Programs.Dll("rewas"), "generate", Programs.Sample, .. Quick, "-o", folder[name]], environment: cache);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
        }
        Assert.Equal(await BytesAsync(folder["first.wav"]), await BytesAsync(folder["second.wav"]));
        Assert.Equal(4, Sidecar(folder["first.wav.json"]).GetProperty("stages").EnumerateObject().Count());
        Assert.Equal(
            ["AudioDiffusion", "Vocoder"],
            Sidecar(folder["second.wav.json"]).GetProperty("stages").EnumerateObject().Select(stage => stage.Name));
    }

    [Fact]
    public async Task A_cut_of_the_picture_begins_the_sound_anew_however_its_curve_came()
    {
        using var folder = new TestFolder();
        var cache = new Dictionary<string, string> { ["REWAS_CACHE"] = folder["cache"] };
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
                folder["cut.mp4"],
            ]);
        Assert.True(film.ExitCode == 0, film.Error);

        Assert.Contains(
            "cuts at 3.00 s", (await RunAsync("energy", folder["cut.mp4"], "-o", folder["curve.csv"])).Output, StringComparison.Ordinal);
        await RunAsync(["generate", folder["cut.mp4"], .. Quick, "-o", folder["out.wav"]]);
        await RunAsync(["generate", folder["cut.mp4"], .. Quick, "--curve", folder["curve.csv"], "-o", folder["curve.wav"]]);
        await RunAsync(["generate", folder["cut.mp4"], .. Quick, "--ignore-cuts", "-o", folder["over.wav"]]);
        await RunAsync("render", folder["out.wav.json"], "-o", folder["again.wav"]);
        await RunAsync("render", folder["over.wav.json"], "-o", folder["over-again.wav"]);

        Assert.Equal([3], Sidecar(folder["out.wav.json"]).GetProperty("cuts").EnumerateArray().Select(cut => cut.GetDouble()));
        Assert.False(Sidecar(folder["over.wav.json"]).TryGetProperty("cuts", out _));
        foreach (var same in new[] { "curve.wav", "again.wav" })
            Assert.Equal(await BytesAsync(folder["out.wav"]), await BytesAsync(folder[same]));
        Assert.NotEqual(await BytesAsync(folder["out.wav"]), await BytesAsync(folder["over.wav"]));
        Assert.Equal(await BytesAsync(folder["over.wav"]), await BytesAsync(folder["over-again.wav"]));

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
        using var folder = new TestFolder();
        var outcome = await Programs.RewasAsync(["generate", Programs.Sample, .. Quick, "-o", folder["out.mp4"], .. arguments]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"rewas: {named}", outcome.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Empty(folder.Files);
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
