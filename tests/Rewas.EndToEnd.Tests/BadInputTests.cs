namespace Rewas.EndToEnd.Tests;

/// <summary>
/// A fault of the input gives one line on standard error that names field, limit and value. The exit code is 2, and nothing is written.
/// </summary>
public class BadInputTests
{
    public static TheoryData<string, string[], string[]> Arguments() => new()
    {
        { "steps 0", ["--steps", "0"], ["steps", "1", "1000", "0"] },
        { "steps 1e9", ["--steps", "1e9"], ["steps", "1000"] },
        { "steps not a number", ["--steps", "many"], ["steps", "many"] },
        { "guidance NaN", ["--guidance", "NaN"], ["guidance", "NaN"] },
        { "seed negative", ["--seed", "-1"], ["seed", "-1"] },
        { "seed too large", ["--seed", "4294967296"], ["seed", "4294967295", "4294967296"] },
        { "empty prompt", ["--prompt", ""], ["prompt"] },
        { "unknown bundle", ["--bundle", "no-such-bundle"], ["bundle", "no-such-bundle"] },
        { "unknown option", ["--frobnicate"], ["--frobnicate"] },
        { "gateway not an address", ["--gateway", "nonsense"], ["gateway", "nonsense"] },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task Refuses_arguments(string what, string[] arguments, string[] named)
    {
        using var folder = new TemporaryFolder();
        string[] prompt = arguments.Contains("--prompt") ? [] : ["--prompt", "rain"];
        AssertRefused(
            what,
            await Programs.RewasAsync(["generate", Programs.Sample, .. prompt, "-o", folder.File("out.mp4"), .. arguments]),
            folder,
            named);
    }

    [Fact]
    public async Task Refuses_a_prompt_of_100_000_characters()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(
            "prompt",
            await Programs.RewasAsync("generate", Programs.Sample, "--prompt", new string('x', 100_000), "-o", folder.File("out.mp4")),
            folder,
            "prompt",
            "2000",
            "100000");
    }

    [Fact]
    public async Task Refuses_outputs_that_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(
            "no such folder",
            await Programs.RewasAsync("generate", Programs.Sample, "--prompt", "rain", "-o", folder.File("missing/out.mp4")),
            folder,
            "output",
            "missing");
        AssertRefused(
            "a folder", await Programs.RewasAsync("generate", Programs.Sample, "--prompt", "rain", "-o", folder.Path), folder, "output");
        AssertRefused(
            "a container that is not known",
            await Programs.RewasAsync("generate", Programs.Sample, "--prompt", "rain", "-o", folder.File("out.txt")),
            folder,
            "output");
    }

    [Theory]
    [InlineData("missing.mp4", null, "does not exist")]
    [InlineData("zero.mp4", "", "0 bytes")]
    [InlineData("text.mp4", "this is no video", "video")]
    [InlineData("playlist.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "video")]
    public async Task Refuses_files_that_are_no_videos(string name, string? content, string named)
    {
        using var folder = new TemporaryFolder();
        using var videos = new TemporaryFolder();
        if (content is not null)
            await File.WriteAllTextAsync(videos.File(name), content, TestContext.Current.CancellationToken);
        AssertRefused(
            name, await Programs.RewasAsync("generate", videos.File(name), "--prompt", "rain", "-o", folder.File("out.mp4")), folder,
            "video", named);
    }

    [Theory]
    [InlineData("a directory", null, "directory")]
    [InlineData("audio only", "-f lavfi -i sine=d=1 -c:a aac", "picture")]
    [InlineData("one frame", "-f lavfi -i testsrc=s=64x64:d=1 -frames:v 1", "frame")]
    [InlineData("8K", "-f lavfi -i color=s=7680x4320:r=2:d=1 -preset ultrafast", "pixels")]
    [InlineData("two hours", "-f lavfi -i color=s=16x16:r=1:d=7201 -preset ultrafast", "900 s")]
    public async Task Refuses_videos_that_have_no_picture_or_break_a_limit(string what, string? lavfi, string named)
    {
        using var folder = new TemporaryFolder();
        using var videos = new TemporaryFolder();
        var video = videos.Path;
        if (lavfi is not null)
        {
            video = videos.File("video.mp4");
            var made = await Programs.RunAsync("ffmpeg", ["-nostdin", "-v", "error", .. lavfi.Split(' '), video]);
            Assert.True(made.ExitCode == 0, made.Error);
        }
        AssertRefused(
            what, await Programs.RewasAsync("generate", video, "--prompt", "rain", "-o", folder.File("out.mp4")), folder, "video", named);
    }

    [Fact]
    public async Task Refuses_a_truncated_video()
    {
        using var folder = new TemporaryFolder();
        using var videos = new TemporaryFolder();
        var whole = await File.ReadAllBytesAsync(Programs.Sample, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(videos.File("cut.mp4"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        AssertRefused(
            "truncated",
            await Programs.RewasAsync("generate", videos.File("cut.mp4"), "--prompt", "rain", "-o", folder.File("out.mp4")),
            folder,
            "video",
            "truncated");
    }

    [Fact]
    public async Task Refuses_a_bundle_with_a_changed_byte()
    {
        using var folder = new TemporaryFolder();
        using var models = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Programs.RepositoryRoot, "models", "rewas-mini")))
            File.Copy(file, models.File(Path.GetFileName(file)));
        var weights = await File.ReadAllBytesAsync(models.File("vocoder.safetensors"), TestContext.Current.CancellationToken);
        weights[^1] ^= 1;
        await File.WriteAllBytesAsync(models.File("vocoder.safetensors"), weights, TestContext.Current.CancellationToken);
        AssertRefused(
            "changed byte",
            await Programs.RewasAsync("generate", Programs.Sample, "--prompt", "rain", "-o", folder.File("out.mp4"),
                "--bundle", models.Path),
            folder,
            "bundle",
            "vocoder.safetensors");
    }

    /// <summary>Networks are loaded at their first use, after the host has started. Their faults are reported in the same way.</summary>
    [Theory]
    [InlineData("energy_predictor", "feedForwardFactor\": 2", "feedForwardFactor\": 3")]
    [InlineData("vocoder", "hiddenChannels\": 512", "hiddenChannels\": 256")]
    public async Task Refuses_a_bundle_whose_weights_do_not_fit(string network, string configured, string changed)
    {
        using var folder = new TemporaryFolder();
        using var models = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Programs.RepositoryRoot, "models", "rewas-mini")))
            File.Copy(file, models.File(Path.GetFileName(file)));
        var manifest = await File.ReadAllTextAsync(models.File("bundle.json"), TestContext.Current.CancellationToken);
        Assert.Contains(configured, manifest, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            models.File("bundle.json"), manifest.Replace(configured, changed, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var outcome =
            await Programs.RewasAsync("generate", Programs.Sample, "--prompt", "rain", "-o", folder.File("out.mp4"),
                "--bundle", models.Path);

        Assert.True(outcome.ExitCode == 2, outcome.Error);
        var told = outcome.ErrorLines[^1];                                   // after lines of progress
        Assert.Contains("FAILED_PRECONDITION", told, StringComparison.Ordinal);
        Assert.Contains($"{network}.safetensors", told, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Entries);
    }

    static void AssertRefused(string what, Outcome outcome, TemporaryFolder folder, params string[] named)
    {
        Assert.True(outcome.ExitCode == 2, $"{what}: exit code {outcome.ExitCode}, {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines);
        foreach (var word in named)
            Assert.Contains(word, line, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(folder.Entries);
        Assert.Empty(outcome.Output);
    }
}
