using System.Text.Json;

namespace Rewas.EndToEnd.Tests;

public class GenerateTests
{
    [Fact]
    public async Task Keeps_the_picture_and_says_how_the_sound_was_made()
    {
        using var folder = new TemporaryFolder();
        var outcome = await Programs.RewasAsync(
            "generate", Programs.Sample, "--prompt", "a hammer striking metal", "-o", folder.File("out.mp4"), "--steps", "4", "--wav",
            "--json");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(await PictureHashAsync(Programs.Sample), await PictureHashAsync(folder.File("out.mp4")));
        Assert.Equal(["out.mp4", "out.mp4.json", "out.wav"], folder.Entries.Order(StringComparer.Ordinal));

        var sidecar =
            JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("out.mp4.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(sidecar.GetRawText(), JsonDocument.Parse(outcome.Output).RootElement.GetRawText());
        Assert.Equal("rewas-mini", sidecar.GetProperty("bundle").GetString());
        Assert.Equal(4, sidecar.GetProperty("sampler").GetProperty("steps").GetInt32());
        var seconds = sidecar.GetProperty("video").GetProperty("durationSeconds").GetDouble();
        Assert.InRange(sidecar.GetProperty("sound").GetProperty("samples").GetInt64() - seconds * 16_000, -1, 1);
        Assert.Equal(4, sidecar.GetProperty("stages").EnumerateObject().Count());
    }

    [Fact]
    public async Task Draws_where_the_time_of_a_clip_went()
    {
        using var folder = new TemporaryFolder();
        var outcome = await Programs.RewasAsync(
            "generate",
            Programs.Sample,
            "--prompt",
            "a hammer striking metal",
            "-o",
            folder.File("out.mp4"),
            "--steps",
            "4",
            "--trace",
            folder.File("trace.svg"));
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var text = System.Xml.Linq.XDocument.Load(folder.File("trace.svg")).Root!.Value;
        foreach (var shown in new[]
        {
            "outside networks and ffmpeg",
            "VideoEncoder/Encode",
            "EnergyPredictor/Predict",
            "AudioDiffusion/Generate",
            "Vocoder/Synthesize",
            "ffmpeg",
            "sampling",
            "video_encoder: [",
            "vocoder: [",
        })
            Assert.Contains(shown, text, StringComparison.Ordinal);
        Assert.DoesNotContain("hammer striking", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(SharedData.Trait, SharedData.Category)]
    public async Task Gives_a_real_silent_video_sound_of_its_own_length()
    {
        var video = SharedData.Require("data/videos/basketball_bounce.mp4");
        using var folder = new TemporaryFolder();
        var outcome =
            await Programs.RewasAsync("generate", video, "--prompt", "a ball bouncing", "-o", folder.File("out.mp4"), "--steps", "4",
                "--json");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(await PictureHashAsync(video), await PictureHashAsync(folder.File("out.mp4")));
        var sidecar = JsonDocument.Parse(outcome.Output).RootElement;
        var seconds = await Programs.RunAsync(
            "ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=duration", "-of", "csv=p=0", video]);
        var duration = double.Parse(seconds.Output, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(sidecar.GetProperty("sound").GetProperty("samples").GetInt64() - duration * 16_000, -1, 1);
    }

    [Fact]
    public async Task Energy_is_written_as_a_curve()
    {
        using var folder = new TemporaryFolder();
        var outcome = await Programs.RewasAsync("energy", Programs.Sample, "-o", folder.File("curve.csv"));
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var lines = await File.ReadAllLinesAsync(folder.File("curve.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("time_s,energy", lines[0]);
        Assert.Equal(600, lines.Length - 1);                                       // 6 s at 100 values a second
        Assert.All(
            lines.Skip(1),
            line => Assert.InRange(double.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture), -12, 3));
    }

    [Fact]
    public async Task One_network_of_a_bundle_runs_on_its_own()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(
            folder.File("mel.npy"), Npy.Float32([1, 64, 16], new float[64 * 16]), TestContext.Current.CancellationToken);
        var outcome =
            await Programs.RewasAsync("models", "run", "rewas-mini", "vocoder", "--input", $"mel={folder.File("mel.npy")}",
                "-o", folder.File("out"));
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("[1, 1, 2560]", outcome.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("out/wave.npy")));
    }

    [Theory]
    [InlineData("models", "list")]
    [InlineData("models", "describe", "rewas-mini")]
    [InlineData("doctor")]
    [InlineData("generate", "--help")]
    public async Task Commands_that_inform_succeed_and_print_something(params string[] arguments)
    {
        var outcome = await Programs.RewasAsync(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error + outcome.Output);
        Assert.NotEmpty(outcome.Output);
    }

    static async Task<string> PictureHashAsync(string video) =>
        (await Programs.RunAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", video, "-map", "0:v", "-c", "copy", "-f", "md5", "-"])).Output;
}

/// <summary>The .npy format, version 1.</summary>
static class Npy
{
    public static byte[] Float32(long[] shape, float[] values)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}".PadRight(117) + "\n";
        return [
            0x93,
            .. "NUMPY"u8,
            1,
            0,
            118,
            0,
            .. System.Text.Encoding.ASCII.GetBytes(header),
            .. System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()),
        ];
    }
}
