using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Rewas.Tests.Gateway.Web;

/// <summary>A part of a sound is made again with another seed or other options. Outside it, no sample changes.</summary>
public sealed class TakeTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    /// <summary>Of a finished sound.</summary>
    const int Rate = 48_000;

    const int MadeRate = 16_000;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_part_changes_to_the_sample_whatever_is_joined_and_cached()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(await ClipAsync(seconds: 12));
        object Order(params string[] take) => new { file, prompt = "a dog barks", steps = 2, seed = 3, candidates = 2, take };
        var whole = await web.Client.SoundAsync(new { file, prompt = "a dog barks", steps = 2, seed = 3, candidates = 2 });
        var made = await web.Client.SoundAsync(Order("4.5s..6.25s seed=9"));
        // The take may change which candidate is the best.
        float[][] before = [await SamplesAsync(web, whole, 0), await SamplesAsync(web, whole, 1)];
        foreach (var rank in (int[])[0, 1])
        {
            var after = await SamplesAsync(web, made, rank);
            AssertChanged(before.Single(sound => sound[0] == after[0] && sound[^1] == after[^1]), after, (4.5, 6.25));
        }
        // What is heard while it is made is what it is.
        var live = await web.Client.GetByteArrayAsync($"/v1/sounds/{made.GetProperty("id").GetString()}/content?stem=live", Cancel);
        Assert.Equal(44 + 12 * MadeRate * 2, live.Length);

        // The same order gives the same sound; another option of the part gives another part.
        Assert.Equal(Sha256(made), Sha256(await web.Client.SoundAsync(Order("4.5s..6.25s seed=9"))));
        object One(params string[] take) => new { file, prompt = "a dog barks", steps = 2, seed = 3, take };
        var first = await SamplesAsync(web, await web.Client.SoundAsync(One("4.5s..6.25s seed=9")), 0);
        var other = await web.Client.SoundAsync(One("4.5s..6.25s seed=9 prompt=\"breaking glass\""));
        AssertChanged(first, await SamplesAsync(web, other, 0), (4.5, 6.25));

        // A second part changes that part alone, at the very start and the very end too; of parts that overlap, the later one is heard.
        var both = await web.Client.SoundAsync(One("4.5s..6.25s seed=9", "0s..0.5s seed=1", "11.5s..12s seed=2", "6s..7s seed=4"));
        AssertChanged(first, await SamplesAsync(web, both, 0), (0, 0.5), (6, 7), (11.5, 12));
    }

    [Fact]
    public async Task Takes_are_in_the_sidecar_and_an_environment_and_edits_stay_as_they_are()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(await ClipAsync(seconds: 6));
        object Order(params string[] take) =>
            new { file, prompt = "a dog barks", steps = 2, environment = "wind", edits = new[] { "gain 1s..2s=-6dB" }, take };
        var whole = await web.Client.SoundAsync(Order());
        var made = await web.Client.SoundAsync(Order("3s..4s seed=9 guidance=2"));
        AssertChanged(await SamplesAsync(web, whole, 0), await SamplesAsync(web, made, 0), (3, 4));
        Assert.Equal(await BytesAsync(web, whole, "stem=environment"), await BytesAsync(web, made, "stem=environment"));
        var sidecar = await web.Client.GetAsync($"/v1/sounds/{made.GetProperty("id").GetString()}/sidecar", Cancel).OkAsync();
        Assert.Equal(
            "3s..4s seed=9 guidance=2", sidecar.GetProperty("options").GetProperty("take").EnumerateArray().Single().GetString());
        Assert.Equal("3s..4s seed=9 guidance=2", made.GetProperty("options").GetProperty("take")[0].GetString());
    }

    [Fact]
    public async Task A_take_that_does_not_fit_is_refused_or_fails_in_one_line()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(await ClipAsync(seconds: 2));
        await web.Client.StartSoundAsync(new { file, prompt = "a dog", take = new[] { "1s..2s loudness=3" } })
            .RefusedAsync(400, "INVALID_ARGUMENT", "take: may set");
        await web.Client.StartSoundAsync(new { file, prompt = "a dog", take = Enumerable.Repeat("1s..2s seed=3", 101) })
            .RefusedAsync(429, "RESOURCE_EXHAUSTED", "take: must be given at most 100 times");
        var late = await web.Client.PostJsonAsync(
            "/v1/sounds", new { file, prompt = "a dog", steps = 2, take = new[] { "2.5s..3s seed=3" } }, ("Prefer", "wait=170")).OkAsync();
        Assert.Equal("failed", late.GetProperty("status").GetString());
        Assert.Contains(
            "take: must begin within the sound of 2.00 s, but is 2.5s..3s", late.GetProperty("error").GetProperty("message").GetString(),
            StringComparison.Ordinal);
    }

    /// <summary>Asserts that samples differ inside the parts, and nowhere else.</summary>
    static void AssertChanged(float[] before, float[] after, params (double From, double To)[] parts)
    {
        Assert.Equal(before.Length, after.Length);
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToArray();
        foreach (var i in changed)
            if (!Array.Exists(parts, part => i >= part.From * Rate && i < part.To * Rate))
                Assert.Fail($"sample {i} at {(double)i / Rate:0.000} s has changed");
        foreach (var (from, to) in parts)
            Assert.InRange(
                changed.Count(i => i >= from * Rate && i < to * Rate), 0.9 * (to - from) * Rate, (to - from) * Rate);
    }

    /// <param name="rank">Place among the candidates, from 0, the best first.</param>
    static async Task<float[]> SamplesAsync(WebHost web, JsonElement sound, int rank)
    {
        var wav = await BytesAsync(web, sound, $"stem=primary&candidate={rank}");
        var at = wav.AsSpan().IndexOf("data"u8);
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(at + 4));
        return MemoryMarshal.Cast<byte, float>(wav.AsSpan(at + 8, bytes)).ToArray();
    }

    static Task<byte[]> BytesAsync(WebHost web, JsonElement sound, string query) => web.Client.GetByteArrayAsync(
        $"/v1/sounds/{sound.GetProperty("id").GetString()}/content?{query}", Cancel);

    static string Sha256(JsonElement sound) => sound.GetProperty("candidates")[0].GetProperty("sha256").GetString()!;

    async Task<byte[]> ClipAsync(int seconds) => await File.ReadAllBytesAsync(
        clips.Plain($"{seconds}.mp4", $"testsrc2=size=64x48:rate=25:duration={seconds}"), Cancel);
}
