using System.Text.Json;
using Rewas.Rendering.Guards;

namespace Rewas.EndToEnd.Tests;

/// <summary>What was made is heard before it is given out.</summary>
public sealed class GuardTests
{
    [Theory]
    [InlineData("out.mp4")]                                                  // written while it is made
    [InlineData("out.wav", "--loudness", "-20")]                             // made whole, then finished
    [InlineData("out.wav", "--candidates", "2")]
    public async Task What_slips_through_is_said_and_the_file_can_be_made_again(string file, params string[] options)
    {
        using var bundle = new TinyBundle(speechScore: 2);
        using var folder = new TemporaryFolder();
        var outcome = await GenerateAsync(bundle, folder.File(file), ["--prompt", "rain", "--seed", "7", .. options]);
        Assert.Contains(
            "warning: guard: speech (0.0 to 6.0 s) is heard, which nobody asked for; 2 further seeds had it too", outcome.Error,
            StringComparison.Ordinal);
        var guard = Sidecar(folder.File(file + ".json")).GetProperty("guard");
        Assert.Equal(
            [7UL, FreshSeeds.Of(7, 1), FreshSeeds.Of(7, 2)],
            guard.GetProperty("tries").EnumerateArray().Select(one => one.GetProperty("seed").GetUInt64()));
        Assert.StartsWith("sound_guard of tiny", guard.GetProperty("report").GetProperty("by").GetString(), StringComparison.Ordinal);

        var again = await Programs.RewasAsync(
            "render", folder.File(file + ".json"), "-o", folder.File("again-" + file), "--bundle", bundle.Bundle.Directory);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("the same samples as before", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_said_of_a_sound_without_voices_or_of_voices_that_were_asked_for()
    {
        using var folder = new TemporaryFolder();
        using (var deaf = new TinyBundle(speechScore: -2))
            Assert.DoesNotContain(
                "nobody asked", (await GenerateAsync(deaf, folder.File("a.wav"), "--prompt", "rain")).Error, StringComparison.Ordinal);
        using var hearing = new TinyBundle(speechScore: 2);
        Assert.DoesNotContain(
            "nobody asked", (await GenerateAsync(hearing, folder.File("b.wav"), "--prompt", "a man speaking")).Error, StringComparison.Ordinal);
        Assert.Contains(
            "nobody asked", (await GenerateAsync(hearing, folder.File("c.wav"), "--prompt", "a man speaking", "--no-speech")).Error,
            StringComparison.Ordinal);
        var (asked, tries) = (Sidecar(folder.File("b.wav.json")), Sidecar(folder.File("c.wav.json")));
        Assert.Equal(1, asked.GetProperty("guard").GetProperty("tries").GetArrayLength());
        Assert.Equal(3, tries.GetProperty("guard").GetProperty("tries").GetArrayLength());
    }

    [Fact]
    public async Task A_bundle_that_cannot_hear_says_so_if_the_order_counts_on_it()
    {
        using var bundle = new TinyBundle();
        using var folder = new TemporaryFolder();
        var outcome = await GenerateAsync(bundle, folder.File("out.wav"), "--prompt", "rain", "--no-music");
        Assert.Contains("has no network here that hears voices and music, so nobody listened", outcome.Error, StringComparison.Ordinal);
        Assert.False(Sidecar(folder.File("out.wav.json")).TryGetProperty("guard", out _));
        Assert.DoesNotContain(
            "nobody listened", (await GenerateAsync(bundle, folder.File("b.wav"), "--prompt", "rain")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fresh_seeds_can_be_turned_off()
    {
        using var bundle = new TinyBundle(speechScore: 2);
        using var folder = new TemporaryFolder();
        var outcome = await GenerateAsync(bundle, folder.File("out.wav"), "--prompt", "rain", "--fresh-seeds", "0");
        Assert.Contains("speech (0.0 to 6.0 s) is heard, which nobody asked for\n", outcome.Error, StringComparison.Ordinal);
    }

    static async Task<Outcome> GenerateAsync(TinyBundle bundle, string output, params string[] options)
    {
        var outcome = await Programs.RewasAsync(
            ["generate", Programs.Sample, "-o", output, "--bundle", bundle.Bundle.Directory, .. options]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.True(File.Exists(output));
        return outcome;
    }

    static JsonElement Sidecar(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;
}
