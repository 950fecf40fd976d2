using System.Globalization;
using System.Text.Json;
using Rewas.Sound.Wav;

namespace Rewas.EndToEnd.Tests;

/// <summary>Sound from a prompt and a length, or from a prompt and drawn energy, on the command line.</summary>
public sealed class WithoutPictureTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_prompt_and_a_length_give_a_sound_that_its_sidecar_renders_again()
    {
        var made = await OkAsync(
            "generate", "--duration", "1.37", "--prompt", "rain on a roof", "-o", folder.File("rain.wav"), "--steps", "2");
        Assert.Contains("1.370 s of sound", made.Output, StringComparison.Ordinal);
        Assert.Equal((int)(1.37 * 16_000), (await ReadAsync("rain.wav")).Length);
        Assert.Equal(["rain.wav", "rain.wav.json"], folder.Entries.Order(StringComparer.Ordinal));
        var sidecar = Sidecar("rain.wav");
        Assert.True(sidecar.GetProperty("video").GetProperty("blank").GetBoolean());
        Assert.Equal("blank.mp4", sidecar.GetProperty("video").GetProperty("file").GetString());
        Assert.Equal("none", sidecar.GetProperty("energySource").GetString());
        Assert.Equal("text-only", sidecar.GetProperty("options").GetProperty("control").GetString());
        Assert.False(sidecar.GetProperty("stages").TryGetProperty("VideoEncoder", out _), "the black picture was looked at");

        var again = await OkAsync("render", folder.File("rain.wav.json"), "-o", folder.File("again.wav"));
        Assert.Contains("the same samples as before", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not the same", again.Output, StringComparison.Ordinal);
        var moved = await Programs.RewasAsync(
            "render", folder.File("rain.wav.json"), "--video", Programs.Sample, "-o", folder.File("moved.wav"));
        Assert.Equal(2, moved.ExitCode);
        Assert.Contains("video: must be absent", moved.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drawn_curve_gives_a_sound_of_its_length_that_follows_it()
    {
        var curve = string.Join('\n', Enumerable.Range(0, 300).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{i / 100.0:0.00},{(i < 150 ? -11.5 : -3)}")));
        await File.WriteAllTextAsync(
            folder.File("drawn.csv"), "time_s,energy\n" + curve + "\n", TestContext.Current.CancellationToken);
        await OkAsync("generate", "--curve", folder.File("drawn.csv"), "--prompt", "rain", "-o", folder.File("drawn.wav"));
        var samples = await ReadAsync("drawn.wav");
        Assert.Equal(3 * 16_000, samples.Length);
        Assert.True(Level(samples.AsSpan(0, 20_000)) < 0.3 * Level(samples.AsSpan(28_000)), "the silent half is not quieter");
        Assert.Equal(folder.File("drawn.csv"), Sidecar("drawn.wav").GetProperty("energySource").GetString());

        // Edits draw on silence. The sidecar holds the edited curve.
        await OkAsync(
            "generate", "--duration", "2s", "--prompt", "rain", "--draw", "0.5s=-30dB,1s=-12dB", "-o", folder.File("event.flac"),
            "--steps", "2", "--environment", "wind", "--candidates", "2");
        Assert.True(File.Exists(folder.File("event.candidate-2.wav")));
        var again = await OkAsync("render", folder.File("event.flac.json"), "-o", folder.File("again.flac"));
        Assert.DoesNotContain("not the same", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candidates_without_a_curve_are_ranked_without_it()
    {
        await OkAsync(
            "generate", "--duration", "1", "--prompt", "rain", "--candidates", "3", "--environment", "wind", "-o", folder.File("best.wav"),
            "--steps", "2");
        foreach (var candidate in Sidecar("best.wav").GetProperty("candidates").EnumerateArray())
            Assert.False(candidate.GetProperty("scores").TryGetProperty("energyError", out _), candidate.GetRawText());
        var again = await OkAsync("render", folder.File("best.wav.json"), "-o", folder.File("again.wav"));
        Assert.DoesNotContain("not the same", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recordings_are_placed_in_a_length_alone()
    {
        var random = new Random(1);
        await WavFile.WriteAsync(
            folder.File("rain.wav"), new([.. Enumerable.Range(0, 32_000).Select(_ => (float)(random.NextDouble() - 0.5) / 2)], 16_000));
        await OkAsync(
            "generate", "--duration", "3", "--prompt", "rain", "--reference", folder.File("rain.wav"), "-o", folder.File("placed.wav"));
        var samples = await ReadAsync("placed.wav");
        Assert.Equal(3 * 16_000, samples.Length);
        Assert.InRange(Level(samples.AsSpan(8_000)), 0.02, 0.5);
        var again = await OkAsync("render", folder.File("placed.wav.json"), "-o", folder.File("again.wav"));
        Assert.DoesNotContain("not the same", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("video: must be given; for sound without a picture, give --duration TIME or --curve FILE")]
    [InlineData("duration: must be from 0.1 to 900, but is 0.05", "--duration", "0.05")]
    [InlineData("duration: must be from 0.1 to 900, but is 3600", "--duration", "1h")]
    [InlineData("duration: must be from 0.1 to 60, but is 61", "--duration", "61", "--max-duration", "1m")]
    [InlineData("duration: must be a time such as 6, 6.5s or 2m, but is 'long'", "--duration", "long")]
    [InlineData("duration: must be from 0.1 to 900, but is NaN", "--duration", "NaNs")]
    [InlineData("output: its name must end in .wav or .flac without a video, but ends in '.mp4'", "--duration", "1", "-o", "out.mp4")]
    [InlineData("control: must be text-only without a picture and a curve, but is energy", "--duration", "1", "--control", "energy")]
    [InlineData("unfinished: is for a video, but none is given", "--duration", "1", "--unfinished")]
    public async Task Says_what_is_wrong_in_one_line(string error, params string[] options)
    {
        string[] output = options.Contains("-o") ? [] : ["-o", folder.File("out.wav")];
        var outcome = await Programs.RewasAsync(["generate", "--prompt", "rain", .. options, .. output]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(error, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Trim().Split('\n'));
        Assert.Empty(folder.Entries);
    }

    [Fact]
    public async Task A_length_is_refused_beside_a_video_and_beside_a_curve_of_another_length()
    {
        var both = await Programs.RewasAsync(
            "generate", Programs.Sample, "--duration", "2", "--prompt", "rain", "-o", folder.File("out.wav"));
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("duration: must be absent with a video", both.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            folder.File("curve.csv"), "time_s,energy\n0.00,-5\n0.01,-5\n", TestContext.Current.CancellationToken);
        var other = await Programs.RewasAsync(
            "generate", "--curve", folder.File("curve.csv"), "--duration", "2", "--prompt", "rain", "-o", folder.File("out.wav"));
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("duration: must be the length of the curve, 0.02 s, or absent, but is 2", other.Error, StringComparison.Ordinal);
    }

    async Task<Outcome> OkAsync(params string[] arguments)
    {
        var outcome = await Programs.RewasAsync(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }

    JsonElement Sidecar(string name) => JsonDocument.Parse(File.ReadAllText(folder.File(name + ".json"))).RootElement;

    async Task<float[]> ReadAsync(string name) =>
        (await WavFile.ReadAsync(folder.File(name), new WavLimits(), "wav", TestContext.Current.CancellationToken)).Samples;

    static double Level(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += sample * sample;
        return Math.Sqrt(sum / samples.Length);
    }
}
