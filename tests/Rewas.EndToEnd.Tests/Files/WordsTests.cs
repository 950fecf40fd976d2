using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Rewas.EndToEnd.Tests.Files;

/// <summary>Faults are reported in the user's words. Nothing is rounded, renamed or left out silently.</summary>
public sealed class WordsTests(WordsTests.Things things) : IClassFixture<WordsTests.Things>
{
    public sealed class Things : IDisposable
    {
        readonly TinyBundle bundle = new();

        public string Bundle => bundle.Bundle.Directory;

        public void Dispose() => bundle.Dispose();
    }

    [Fact]
    public async Task A_word_that_begins_with_an_at_sign_is_no_file_of_arguments()
    {
        using var folder = new ClipFolder();
        folder.Plain("a.mp4");
        File.WriteAllText(folder.Path("secret"), "--output\nleaked.mp4\n");
        var outcome =
            await RewasAsync(folder, "generate", "a.mp4", "-p", "@secret", "-o", "o.mp4", "--steps", "1", "--bundle", things.Bundle);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.False(File.Exists(folder.Path("leaked.mp4")));
        using var sidecar =
            JsonDocument.Parse(await File.ReadAllTextAsync(folder.Path("o.mp4.json"), TestContext.Current.CancellationToken));
        Assert.Equal("@secret", sidecar.RootElement.GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData("file;prompt\na.mp4;rain\n", "line 1: columns must be separated by commas (file,prompt), but are separated by ';'")]
    [InlineData("file\tprompt\na.mp4\train\n", "line 1: columns must be separated by commas (file,prompt), but are separated by tabs")]
    [InlineData("File;Prompt\r\na.mp4;rain\r\n", "line 1: columns must be separated by commas (file,prompt), but are separated by ';'")]
    [InlineData("File,Prompt\na.mp4,rain\n", "line 1: must write the names of columns in lower case, but is 'File,Prompt'")]
    [InlineData("FILE,prompt\na.mp4,rain\n", "line 1: must write the names of columns in lower case")]
    [InlineData("file, prompt\na.mp4, rain\n", "line 1: must not have spaces around the names of columns, but is 'file, prompt'")]
    [InlineData("file ,prompt\na.mp4,rain\n", "line 1: must not have spaces around the names of columns")]
    [InlineData("video,prompt\na.mp4,rain\n", "line 1: must name the columns file and prompt, but is 'video,prompt'")]
    [InlineData("file,text,seed\na.mp4,rain,1\n", "line 1: must name the columns file and prompt")]
    [InlineData("file,prompt,colour\na.mp4,rain,red\n", "line 1: columns are file, output, prompt")]
    [InlineData("file,prompt\na.mp4;rain\n", "line 2: line: fields must be separated by commas, but are separated by ';'")]
    [InlineData("a.mp4;rain\n", "line 1: line: fields must be separated by commas, but are separated by ';'")]
    [InlineData("a.mp4\train\n", "line 1: line: fields must be separated by commas, but are separated by tabs")]
    public async Task A_manifest_is_told_what_is_wrong_with_its_columns(string manifest, string said)
    {
        using var folder = new ClipFolder();
        folder.Plain("a.mp4");
        File.WriteAllText(folder.Path("films.csv"), manifest);
        AssertOneLine(said, await RewasAsync(folder, "batch", "films.csv", "-o", "out", "--bundle", things.Bundle));
        Assert.False(Directory.Exists(folder.Path("out")));
    }

    [Theory]
    [InlineData("plot: its name must end in .png, but ends in '.jpg'", "energy", "a.mp4", "--plot", "p.jpg")]
    [InlineData("plot: its name must end in .png, but ends in ''", "energy", "a.mp4", "--plot", "p")]
    [InlineData("plot: its name must end in .png, but ends in '.svg'", "edit", "c.csv", "-o", "d.csv", "--plot", "p.svg")]
    [InlineData("output: its name must end in .mp4, but ends in '.txt'", "scene", "hammer", "-o", "s.txt")]
    [InlineData("output: its name must end in .mp4, but ends in '.mkv'", "scene", "hammer", "-o", "s.mkv")]
    [InlineData("output: its name must end in .csv or .json", "energy", "a.mp4", "-o", "c.txt")]
    [InlineData(
        "trace: its name must end in .svg, but ends in '.png'", "generate", "a.mp4", "-p", "rain", "-o", "o.mp4", "--trace", "t.png")]
    [InlineData(
        "output: its name must end in .mp4, .m4v, .mov, .mkv or .webm, or in .wav or .flac for the sound alone, but ends in '.mp3'",
        "generate",
        "a.mp4",
        "-p",
        "rain",
        "-o",
        "o.mp3")]
    [InlineData("wav: is for a video, but 'o.flac' is sound already", "generate", "a.mp4", "-p", "rain", "-o", "o.flac", "--wav")]
    [InlineData("width: must be even, but is 321", "scene", "hammer", "-o", "s.mp4", "--width", "321")]
    [InlineData("height: must be even, but is 181", "scene", "hammer", "-o", "s.mp4", "--height", "181")]
    [InlineData("seed: must be a whole number, but is 1.5", "generate", "a.mp4", "-p", "rain", "-o", "o.mp4", "--seed", "1.5")]
    [InlineData(
        "seed: must be a whole number, but is 1.00000000000001",
        "generate",
        "a.mp4",
        "-p",
        "rain",
        "-o",
        "o.mp4",
        "--seed",
        "1.00000000000001")]
    [InlineData("prompt: must have a letter or a digit", "generate", "a.mp4", "-p", "...", "-o", "o.mp4")]
    [InlineData("prompt: must have a letter or a digit", "generate", "a.mp4", "-p", "🔨 !", "-o", "o.mp4")]
    [InlineData("prompt: must have a letter or a digit", "check", "a.mp4", "-p", "?!")]
    [InlineData("environment: must have a letter or a digit", "generate", "a.mp4", "-p", "rain", "-o", "o.mp4", "--environment", "--- .")]
    [InlineData(
        "max-duration: must be a time such as 40m, 1.5h or 2400s, but is '40'", "energy", "a.mp4", "-o", "c.csv", "--max-duration", "40")]
    [InlineData("max-duration: must be from 1 to 7200, but is 10800", "energy", "a.mp4", "-o", "c.csv", "--max-duration", "3h")]
    public async Task What_does_not_fit_is_refused(string said, params string[] arguments)
    {
        using var folder = new ClipFolder();
        folder.Plain("a.mp4");
        File.WriteAllText(folder.Path("c.csv"), "time_s,energy\n0,-5\n0.01,-5\n");
        AssertOneLine(said, await RewasAsync(folder, arguments));
    }

    [Theory]
    [InlineData("дождь по крыше", "дождь")]
    [InlineData("дождь rain", "дождь")]
    [InlineData("مطر", "مطر")]
    public async Task Words_in_a_script_that_the_text_encoder_does_not_know_are_warned_of(string prompt, string word)
    {
        using var folder = new ClipFolder();
        folder.Plain("a.mp4");
        var outcome = await RewasAsync(folder, "generate", "a.mp4", "-p", prompt, "-o", "o.wav", "--steps", "1", "--bundle", things.Bundle);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains(
            $"warning: prompt: the text encoder knows English, not the script of '{word}'", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accents_are_no_reason_to_warn()
    {
        using var folder = new ClipFolder();
        folder.Plain("a.mp4");
        Assert.DoesNotContain(
            "warning",
            (await RewasAsync(
                folder, "generate", "a.mp4", "-p", "café à midi, ồn ào", "-o", "o.wav", "--steps", "1", "--bundle", things.Bundle)).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_is_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var outcome = await Programs.RewasAsync("serve", "--listen", address, "--bundle", things.Bundle);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal($"Rewas:Listen: cannot listen on {address}: address already in use", Assert.Single(outcome.ErrorLines));
    }

    [Theory]
    [InlineData("unix:/nowhere/rewas.sock", "its folder does not exist")]
    [InlineData("http://192.0.2.1:5100", "192.0.2.1")]
    public async Task A_place_that_cannot_be_listened_at_is_one_line(string address, string said)
    {
        var outcome = await Programs.RewasAsync("serve", "--listen", address, "--bundle", things.Bundle);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(said, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sidecar_finds_the_film_that_lies_beside_it()
    {
        using var folder = new ClipFolder();
        Directory.CreateDirectory(folder.Path("films"));
        Directory.CreateDirectory(folder.Path("elsewhere"));
        folder.Plain("films/a.mp4");
        folder.Plain("elsewhere/a.mp4", "testsrc=size=64x64:rate=25:duration=1");   // another film of this name
        var made = await RewasAsync(
            folder.Path("films"), "generate", "a.mp4", "-p", "rain", "-o", "o.mp4", "--steps", "1", "--bundle", things.Bundle);
        Assert.True(made.ExitCode == 0, made.Error);
        foreach (var place in (string[])[folder.Root, folder.Path("elsewhere")])
        {
            var again = await RewasAsync(place, "render", folder.Path("films/o.mp4.json"), "-o", "again.mp4", "--bundle", things.Bundle);
            Assert.True(again.ExitCode == 0, again.Error);
            Assert.Contains("the same samples as before", again.Output, StringComparison.Ordinal);
        }
        File.Delete(folder.Path("films/a.mp4"));
        AssertOneLine(
            "video: must be the file that the sidecar was made with",
            await RewasAsync(folder.Path("elsewhere"), "render", folder.Path("films/o.mp4.json"), "-o", "x.mp4"));
        AssertOneLine("video: file 'a.mp4' does not exist", await RewasAsync(folder, "render", "films/o.mp4.json", "-o", "x.mp4"));
    }

    [Theory]
    [InlineData("a.gif", "-loop", "0")]
    [InlineData("a.png", "-f", "apng", "-plays", "0")]
    [InlineData("a.webp", "-c:v", "libwebp_anim", "-loop", "0")]
    public async Task An_animation_becomes_a_video_of_its_times(string name, params string[] arguments)
    {
        using var folder = new ClipFolder();
        folder.Make(name, "testsrc=size=65x49:rate=10:duration=2", arguments);
        var made = await RewasAsync(folder, "generate", name, "-p", "rain", "-o", "o.mp4", "--steps", "1", "--bundle", things.Bundle);
        Assert.True(made.ExitCode == 0, made.Error);
        var facts = await Rewas.Video.VideoProbe.ReadAsync(
            folder.Path("o.mp4"), new Rewas.Video.VideoLimits(), TestContext.Current.CancellationToken);
        Assert.Equal((66, 50, 20, true), (facts.Width, facts.Height, (int)facts.Frames, facts.HasAudio));
        Assert.Equal(2, facts.Duration.TotalSeconds, 0.01);
        var again = await RewasAsync(folder, "render", "o.mp4.json", "-o", "again.mp4", "--bundle", things.Bundle);
        Assert.Contains("the same samples as before", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_still_picture_has_no_sound()
    {
        using var folder = new ClipFolder();
        folder.Make("still.png", "testsrc2=size=64x64", "-frames:v", "1");
        folder.Make("still.gif", "testsrc2=size=64x64", "-frames:v", "1");
        AssertOneLine("video: ", await RewasAsync(folder, "energy", "still.png", "-o", "c.csv"));
        AssertOneLine("video: must have at least 2 frames, but has 1", await RewasAsync(folder, "energy", "still.gif", "-o", "c.csv"));
    }

    [Fact]
    public async Task An_unfinished_recording_is_taken_when_it_is_asked_for()
    {
        using var folder = new ClipFolder();
        folder.Make("full.mkv", "testsrc2=size=64x48:rate=25:duration=8", "-c:v", "libx264", "-g", "25", "-cluster_time_limit", "500");
        folder.Truncated(folder.Path("full.mkv"), "cut.mkv", 0.6);
        AssertOneLine(
            "video: truncated: ",
            await RewasAsync(folder, "generate", "cut.mkv", "-p", "rain", "-o", "o.mkv"),
            "(--unfinished uses what is there)");
        var made = await RewasAsync(
            folder, "generate", "cut.mkv", "-p", "rain", "-o", "o.mkv", "--unfinished", "--steps", "1", "--bundle", things.Bundle);
        Assert.True(made.ExitCode == 0, made.Error);
        var facts = await Rewas.Video.VideoProbe.ReadAsync(
            folder.Path("o.mkv"), new Rewas.Video.VideoLimits(), TestContext.Current.CancellationToken);
        Assert.InRange(facts.Duration.TotalSeconds, 3, 6);
        Assert.True(facts.HasAudio);
    }

    [Fact]
    public async Task A_film_of_over_15_minutes_is_taken_with_a_higher_limit()
    {
        using var folder = new ClipFolder();
        folder.Make("long.mp4", "color=size=16x16:rate=1:duration=904", "-c:v", "libx264", "-preset", "ultrafast");
        AssertOneLine(
            "video: at most 900 s are accepted, but it lasts 904 s or more (--max-duration raises the limit)",
            await RewasAsync(folder, "energy", "long.mp4", "-o", "c.csv"));
        var made = await RewasAsync(folder, "energy", "long.mp4", "-o", "c.csv", "--max-duration", "15.5m", "--bundle", things.Bundle);
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Contains("90400 values", made.Output, StringComparison.Ordinal);
    }

    static Task<Outcome> RewasAsync(ClipFolder folder, params string[] arguments) => RewasAsync(folder.Root, arguments);

    static Task<Outcome> RewasAsync(string folder, params string[] arguments) =>
        Programs.RunAsync("dotnet", [Programs.Dll("rewas"), .. arguments], folder);

    static void AssertOneLine(string said, Outcome outcome, string end = "")
    {
        Assert.True(outcome.ExitCode == 2, $"exit code {outcome.ExitCode}: {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith($"rewas: {said}", line, StringComparison.Ordinal);
        Assert.EndsWith(end, line, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }
}
