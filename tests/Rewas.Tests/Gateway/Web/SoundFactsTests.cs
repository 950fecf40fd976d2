using System.Globalization;
using System.Text.Json;
using Rewas.Rendering;
using Rewas.Sound.Wav;
using Rewas.Tests.Sound.Placement;

namespace Rewas.Tests.Gateway.Web;

public sealed class SoundFactsTests(SharedWebHost web, ClipFolder clips) : IClassFixture<SharedWebHost>, IClassFixture<ClipFolder>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sidecar_of_a_sound_is_that_of_its_candidate()
    {
        var sound = await web.Client.SoundAsync(new { file = await FilmAsync(), prompt = "rain", steps = 1, candidates = 2, format = "wav" });
        foreach (var candidate in sound.GetProperty("candidates").EnumerateArray())
        {
            var rank = candidate.GetProperty("rank").GetInt32();
            var json = await web.Client.GetByteArrayAsync($"/v1/sounds/{sound.GetProperty("id")}/sidecar?candidate={rank}", Cancel);
            var sidecar = Sidecar.Parse(json, "sidecar");
            Assert.Equal(("rain", candidate.GetProperty("sha256").GetString()), (sidecar.Prompt, sidecar.Candidates![0].Sha256));
        }
        await web.Client.GetAsync($"/v1/sounds/{sound.GetProperty("id")}/sidecar?candidate=2", Cancel)
            .RefusedAsync(400, "INVALID_ARGUMENT", "rank: must be from 0 to 1");
        var placement = await web.Client.GetAsync($"/v1/sounds/{sound.GetProperty("id")}/placement", Cancel).OkAsync();
        Assert.Empty(placement.GetProperty("pieces").EnumerateArray());
    }

    [Fact]
    public async Task Levels_are_those_that_ffmpeg_measures()
    {
        var order = new { file = await FilmAsync(), prompt = "rain", steps = 1, environment = "wind", format = "wav", loudness = -23 };
        var sound = (await web.Client.SoundAsync(order)).GetProperty("id").GetString();
        foreach (var stem in (string[])["", "primary", "environment"])
        {
            var levels = await web.Client.GetAsync($"/v1/sounds/{sound}/levels?stem={stem}", Cancel).OkAsync();
            var path = clips.Path($"stem{stem}.wav");
            var query = stem.Length > 0 ? $"?stem={stem}" : "";
            await File.WriteAllBytesAsync(path, await web.Client.GetByteArrayAsync($"/v1/sounds/{sound}/content{query}", Cancel), Cancel);
            var (loudness, peak) = await MeasuredAsync(path);
            Assert.Equal(loudness, levels.GetProperty("loudness").GetDouble(), 0.15);
            Assert.Equal(peak, levels.GetProperty("true_peak").GetDouble(), 0.15);
        }
    }

    [Fact]
    public async Task Placed_pieces_are_told_banned_and_moved()
    {
        var film = await FilmAsync();
        var recording = clips.Path("step.wav");
        await WavFile.WriteAsync(recording, new([.. MadeSounds.Hits(1, 16_000, 800).Channels[0]], 16_000), WavEncoding.Pcm16, Cancel);
        var step = await web.Client.FileAsync(await File.ReadAllBytesAsync(recording, Cancel));
        string[] reference = [step];
        // Two separate sounds, which fall as the recording does.
        string[] edits =
        [
            "draw 0s=-100dB,0.39s=-100dB,0.4s=-6dB,0.98s=-60dB,1s=-100dB,1.19s=-100dB,1.2s=-6dB,1.78s=-60dB,1.8s=-100dB,2s=-100dB",
        ];
        var placed = await PlacedAsync(new { file = film, prompt = "steps", format = "wav", reference, edits });
        Assert.Equal(step, Assert.Single(placed.GetProperty("recordings").EnumerateArray()).GetProperty("name").GetString());
        var pieces = placed.GetProperty("pieces").EnumerateArray().ToList();
        Assert.Equal(2, pieces.Count);                                        // the drawn events, though the picture has none
        Assert.Equal(0.4, pieces[0].GetProperty("at").GetDouble(), 0.1);
        Assert.True(pieces[0].GetProperty("seconds").GetDouble() > 0);

        var first = pieces[0].GetProperty("id").GetString()!;
        var banned = await PlacedAsync(new { file = film, prompt = "steps", format = "wav", reference, edits, ban = new[] { first } });
        Assert.DoesNotContain(first, Ids(banned));

        // Pinned at another place, a piece is there, and ends where the curve is silent.
        var at = first.IndexOf('@', StringComparison.Ordinal);
        var rest = first[at..].IndexOf('*', StringComparison.Ordinal) is > 0 and var speed ? first[(at + speed)..] : "";
        var there = first[..at] + "@0.7" + rest;
        var moved = await PlacedAsync(
            new { file = film, prompt = "steps", format = "wav", reference, edits, ban = new[] { first }, pin = new[] { there } });
        Assert.Contains(Ids(moved), id => id!.Contains("@0.7" + rest, StringComparison.Ordinal));
    }

    async Task<JsonElement> PlacedAsync(object order)
    {
        var sound = (await web.Client.SoundAsync(order)).GetProperty("id").GetString();
        return await web.Client.GetAsync($"/v1/sounds/{sound}/placement", Cancel).OkAsync();
    }

    static IEnumerable<string?> Ids(JsonElement placement) =>
        placement.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetProperty("id").GetString());

    async Task<string> FilmAsync() => await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), Cancel));

    /// <summary>LUFS and dBTP, by ffmpeg's ebur128.</summary>
    static async Task<(double Loudness, double Peak)> MeasuredAsync(string path)
    {
        var report = (await Programs.RunAsync(
            "ffmpeg", ["-nostdin", "-hide_banner", "-i", "file:" + path, "-af", "ebur128=peak=true", "-f", "null", "-"])).Error;
        var summary = report[report.LastIndexOf("Summary:", StringComparison.Ordinal)..];
        return (Number("I:"), Number("Peak:"));

        double Number(string name) => double.Parse(
            summary[(summary.IndexOf(name, StringComparison.Ordinal) + name.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
            CultureInfo.InvariantCulture);
    }
}
