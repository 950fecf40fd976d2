using System.Globalization;
using System.Runtime.InteropServices;

namespace Rewas.EndToEnd.Tests.Files;

/// <summary>
/// No file is lost or damaged. An output never is an input. An output that could not be written replaces nothing. A fault is one line,
/// reported before the work begins.
/// </summary>
public sealed partial class LostFilesTests(LostFilesTests.Things things) : IClassFixture<LostFilesTests.Things>
{
    const int Hangup = 1, Quit = 3, Terminate = 15;

    public sealed class Things : IDisposable
    {
        readonly TinyBundle bundle = new();

        public string Bundle => bundle.Bundle.Directory;

        public void Dispose() => bundle.Dispose();
    }

    // An output is an input.

    public static TheoryData<string[], string> OutputsThatAreInputs() => new()
    {
        { ["generate", "talk.mp4", "-p", "rain", "-o", "talk.mp4"], "output: must not be the video itself" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "./sub/../talk.mp4"], "output: must not be the video itself" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "link.mp4"], "output: must not be the video itself" },
        { ["generate", "link.mp4", "-p", "rain", "-o", "hard.mp4"], "output: must not be the video itself" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "folder/talk.mp4"], "output: must not be the video itself" },
        {
            ["generate", "talk.mp4", "-p", "rain", "-o", "x.mp4", "--wav", "--energy-from", "x.wav"],
            "wav: must not be the energy-from itself"
        },
        {
            ["generate", "talk.mp4", "-p", "rain", "-o", "x.wav", "--energy-from", "hard.wav"],
            "output: must not be the energy-from itself"
        },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--curve", "o.mp4.json"], "sidecar: must not be the curve itself" },
        {
            ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--replace", "0s..1s=o.mp4.json"],
            "sidecar: must not be the replace itself"
        },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "x.mp4", "--blend", "0.5,x.wav", "--wav"], "wav: must not be the blend itself" },
        {
            ["generate", "talk.mp4", "-p", "rain", "-o", "x.mp4", "--stems", "--energy-from", "x.primary.wav"],
            "stems: must not be the energy-from itself"
        },
        {
            ["generate", "talk.mp4", "-p", "rain", "-o", "x.mp4", "--candidates", "2", "--energy-from", "x.candidate-2.wav"],
            "candidates: must not be the energy-from itself"
        },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--trace", "talk.svg"], "trace: must not be the video itself" },
        { ["energy", "talk.mp4", "--plot", "talk.mp4"], "plot: its name must end in .png" },
        { ["energy", "talk.mp4", "--plot", "talk.png"], "plot: must not be the video itself" },
        { ["energy", "talk.mp4", "-o", "talk.csv"], "output: must not be the video itself" },
        { ["edit", "curve.csv", "--gain=-3dB", "-o", "curve.csv"], "output: must not be the curve itself" },
        { ["edit", "curve.csv", "--replace", "0s..1s=other.csv", "-o", "other.csv"], "output: must not be the replace itself" },
        { ["models", "run", "BUNDLE", "vocoder", "-i", "mel=wave.npy"], "output: must not be the mel itself" },
    };

    [Theory]
    [MemberData(nameof(OutputsThatAreInputs))]
    public async Task An_output_is_never_an_input(string[] arguments, string said)
    {
        using var folder = Films();
        var before = folder.Contents();
        var outcome = await RewasAsync(folder, [.. arguments.Select(argument => argument == "BUNDLE" ? things.Bundle : argument)]);
        AssertOneLine(2, said, outcome);
        Assert.Equal(before, folder.Contents());
    }

    [Theory]
    [InlineData("wav: must not be the file of trace", "generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--trace", "o.mp4.svg", "--wav")]
    [InlineData("plot: must not be the file of output", "edit", "curve.csv", "-o", "same.csv", "--plot", "same.png")]
    public async Task Two_outputs_are_never_one_file(string said, params string[] arguments)
    {
        using var folder = Films();
        File.WriteAllText(folder.Path("same.csv"), "");
        Link(folder.Path("same.csv"), folder.Path("same.png"));
        File.CreateSymbolicLink(folder.Path("o.mp4.svg"), "o.wav");
        AssertOneLine(2, said, await RewasAsync(folder, arguments));
    }

    [Fact]
    public async Task A_batch_with_all_defaults_among_the_films_leaves_the_films_and_makes_others_beside_them()
    {
        using var folder = new ClipFolder();
        Directory.CreateDirectory(folder.Path("sub"));
        folder.Plain("a.mp4");
        folder.Plain("sub/b.mp4");
        folder.Plain("b.mp4", "testsrc2=size=64x64:rate=25:duration=1");     // a film that the manifest does not name
        File.WriteAllText(folder.Path("films.csv"), "file,prompt,steps\na.mp4,rain,1\nsub/b.mp4,rain,1\n");
        var before = folder.Contents();
        var outcome = await RewasAsync(folder, "batch", "films.csv", "--bundle", things.Bundle);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.All(before, film => Assert.Contains(film, folder.Contents()));
        Assert.Equal(
            ["a-sound.mp4", "a-sound.mp4.json", "a.mp4", "b-sound.mp4", "b-sound.mp4.json", "b.mp4", "films.csv"],
            folder.Contents().Keys.Where(name => !name.StartsWith('.') && !name.StartsWith("sub", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a.mp4", "rain", "a.mp4")]
    [InlineData("a.mp4", "rain", "b.mp4")]
    [InlineData("a.mp4", "rain", "hard.mp4")]
    [InlineData("a.mp4", "rain", "link.mp4")]
    public async Task A_batch_refuses_outputs_that_are_videos_of_the_manifest(string file, string prompt, string output)
    {
        using var folder = new ClipFolder();
        folder.Plain("a.mp4");
        folder.Plain("b.mp4");
        Link(folder.Path("a.mp4"), folder.Path("hard.mp4"));
        File.CreateSymbolicLink(folder.Path("link.mp4"), "b.mp4");
        File.WriteAllText(folder.Path("films.csv"), $"file,prompt,output\n{file},{prompt},{output}\nb.mp4,rain,\n");
        var before = folder.Contents();
        AssertOneLine(
            2, "line 2: output: must not be the video itself", await RewasAsync(folder, "batch", "films.csv", "--bundle", things.Bundle));
        Assert.Equal(before, folder.Contents());
    }

    [Fact]
    public async Task The_report_of_failures_does_not_replace_the_manifest()
    {
        using var folder = new ClipFolder();
        folder.Plain("a.mp4");
        File.WriteAllText(folder.Path("failures.csv"), "file,prompt\na.mp4,rain\n");
        AssertOneLine(
            2, "output: must not be the manifest itself", await RewasAsync(folder, "batch", "failures.csv", "--bundle", things.Bundle));
        Assert.Equal("file,prompt\na.mp4,rain\n", File.ReadAllText(folder.Path("failures.csv")));
    }

    // The disk is full.

    /// <summary>What ffmpeg does on a full disk: it writes what fits, complains or not, and succeeds.</summary>
    [Theory]
    [InlineData("o.mp4", "Error writing trailer of o.mp4: No space left on device", 60, "no space is left on the device")]
    [InlineData("o.mov", "av_interleaved_write_frame(): No space left on device", 60, "no space is left on the device")]
    [InlineData("o.mkv", "[out#0] Error writing trailer: No space left on device", 60, "no space is left on the device")]
    [InlineData("o.mp4", "Error closing file: Input/output error", 100, "was not written whole")]
    [InlineData("o.mp4", "", 60, "was not written whole")]
    [InlineData("o.mkv", "", 60, "was not written whole")]
    [InlineData("o.mp4", "", 0, "was not written whole")]
    [InlineData("o.flac", "", 40, "was not written whole")]
    public async Task What_is_not_written_whole_replaces_nothing(string name, string complaint, int percent, string said)
    {
        using var folder = Films();
        File.WriteAllText(folder.Path(name), "the good one");
        using var programs = new ClipFolder();
        FakeFfmpeg(programs, $"""
            /usr/bin/ffmpeg "$@" || exit $?
            for last; do :; done
            case $last in file:*.partial.*)
                out=$(printf %s "$last" | sed s/^file://)
                truncate -s $(( $(stat -c %s "$out") * {percent} / 100 )) "$out"
                printf '%s\n' "{complaint}" >&2;;
            esac
            """);
        var outcome = await RewasAsync(
            folder, Ffmpeg(programs), "generate", "talk.mp4", "-p", "rain", "-o", name, "--steps", "1", "--bundle", things.Bundle);
        AssertLastLine(1, $"output: {said}", outcome);
        Assert.Equal("the good one", File.ReadAllText(folder.Path(name)));
        Assert.Equal(
            [name],
            folder.Contents().Keys.Where(
                file => file.StartsWith("o.", StringComparison.Ordinal) && !file.EndsWith(".json", StringComparison.Ordinal)));
        Assert.DoesNotContain(folder.Contents().Keys, file => file.Contains(".partial", StringComparison.Ordinal));
    }

    /// <summary>A really full disk. Only root may make one.</summary>
    [Theory]
    [InlineData("full/o.mp4", "output: needs about")]
    [InlineData("full/o.wav", "output: needs about")]
    public async Task A_full_disk_is_told_before_the_work(string output, string said)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may mount a small disk");
        using var folder = Films();
        Directory.CreateDirectory(folder.Path("full"));
        var outcome = await Programs.RunAsync("unshare", ["--mount", "sh", "-c",
            $"mount -t tmpfs -o size=8k none full && exec dotnet '{Programs.Dll("rewas")}' generate talk.mp4 -p "
            + $"rain -o {output} --bundle '{things.Bundle}'"], folder.Root);
        Assert.SkipWhen(
            outcome.Error.Contains("unshare", StringComparison.Ordinal) || outcome.Error.Contains("mount:", StringComparison.Ordinal),
            outcome.Error);
        AssertOneLine(1, said, outcome);
    }

    // Unreadable and unwritable files.

    public static TheoryData<string[], int, string> Unreadable() => new()
    {
        {
            ["generate", "broken.mp4", "-p", "rain", "-o", "o.mp4"],
            2,
            "video: 'broken.mp4' is a link to 'nowhere.mp4', which does not exist"
        },
        { ["generate", "loop.mp4", "-p", "rain", "-o", "o.mp4"], 2, "video: '" },
        { ["generate", "pipe.mp4", "-p", "rain", "-o", "o.mp4"], 2, "video: 'pipe.mp4' is a pipe, not a file" },
        { ["generate", "/dev/zero", "-p", "rain", "-o", "o.mp4"], 2, "video: '/dev/zero' is a device, not a file" },
        { ["generate", ".", "-p", "rain", "-o", "o.mp4"], 2, "video: '.' is a directory, not a file" },
        { ["energy", "loop.mp4", "-o", "c.csv"], 2, "video: '" },
        { ["energy", "pipe.mp4", "-o", "c.csv"], 2, "video: 'pipe.mp4' is a pipe" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--curve", "loop.csv"], 2, "curve: '" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--curve", "pipe.csv"], 2, "curve: 'pipe.csv' is a pipe" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--curve", "sub.csv"], 2, "curve: 'sub.csv' is a directory" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--replace", "0s..1s=loop.csv"], 2, "replace: '" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--energy-from", "pipe.mp4"], 2, "recording: 'pipe.mp4' is a pipe" },
        { ["edit", "loop.csv", "--gain=-3dB", "-o", "o.csv"], 2, "curve: '" },
        { ["render", "loop.mp4", "-o", "o.mp4"], 2, "sidecar: '" },
        { ["render", "pipe.mp4", "-o", "o.mp4"], 2, "sidecar: 'pipe.mp4' is a pipe" },
        { ["render", "sub.csv", "-o", "o.mp4"], 2, "sidecar: 'sub.csv' is a directory" },
        { ["batch", "loop.csv"], 2, "manifest: '" },
        { ["batch", "pipe.csv"], 2, "manifest: 'pipe.csv' is a pipe" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "pipe.mp4"], 2, "output: 'pipe.mp4' is a pipe" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "loop.mp4"], 2, "output: '" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "locked.mp4"], 2, "output: 'locked.mp4' is write-protected" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--trace", "missing/t.svg"], 2, "trace: folder '" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", new string('a', 251) + ".mp4"], 2, "sidecar: '" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", new string('a', 245) + ".mp4", "--stems"], 2, "stems: '" },
        { ["generate", "talk.mp4", "-p", "rain", "-o", new string('a', 252) + ".mp4"], 2, "output: '" },
        { ["energy", "talk.mp4", "--plot", "missing/p.png"], 2, "plot: folder '" },
        { ["keys", "create", "me", "--file", "missing/k.json"], 2, "keys: folder '" },
        { ["keys", "create", "me", "--file", "loop.csv"], 2, "keys: '" },
        { ["keys", "list", "--file", "pipe.csv"], 2, "keys: 'pipe.csv' is a pipe" },
        { ["keys", "list", "--file", "sub.csv"], 2, "keys: 'sub.csv' is a directory" },
        { ["scene", "hammer", "-o", "missing/s.mp4"], 2, "output: folder '" },
        { ["models", "run", "BUNDLE", "vocoder", "-i", "mel=pipe.csv"], 2, "npy: 'pipe.csv' is a pipe" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_or_written_is_one_line_before_the_work(string[] arguments, int exitCode, string said)
    {
        using var folder = Films();
        var before = folder.Contents();
        AssertOneLine(
            exitCode, said, await RewasAsync(folder, [.. arguments.Select(argument => argument == "BUNDLE" ? things.Bundle : argument)]));
        Assert.Equal(before, folder.Contents());
    }

    [Theory]
    [InlineData("generate", "secret.mp4", "-p", "rain", "-o", "/tmp/o.mp4")]
    [InlineData("generate", "talk.mp4", "-p", "rain", "-o", "/tmp/o.mp4", "--curve", "secret.csv")]
    [InlineData("energy", "talk.mp4", "-o", "closed/c.csv")]
    [InlineData("edit", "curve.csv", "--replace", "0s..1s=secret.csv", "-o", "/tmp/o.csv")]
    [InlineData("render", "secret.csv")]
    [InlineData("batch", "secret.csv")]
    [InlineData("keys", "list", "--file", "secret.csv")]
    public async Task Files_of_another_user_give_one_line(params string[] arguments)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become another user");
        using var folder = Films();
        Directory.CreateDirectory(folder.Path("closed"));
        File.SetUnixFileMode(folder.Path("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder.Root, (UnixFileMode)0x1ed);              // 0755
        foreach (var secret in (string[])["secret.mp4", "secret.csv"])
        {
            File.Copy(folder.Path(secret == "secret.mp4" ? "talk.mp4" : "curve.csv"), folder.Path(secret));
            File.SetUnixFileMode(folder.Path(secret), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        var outcome = await Programs.RunAsync(
            "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", Programs.Dll("rewas"), .. arguments], folder.Root);
        Assert.SkipWhen(
            outcome.Error.Contains("setpriv", StringComparison.Ordinal)
                || outcome.Error.Contains("does not exist", StringComparison.Ordinal),
            outcome.Error);
        AssertOneLine(2, "permission denied", outcome, anywhere: true);
    }

    [Theory]
    [InlineData("generate", "talk.mp4", "-p", "rain", "-o", "o.mp4")]
    [InlineData("generate", "talk.mp4", "-p", "rain", "-o", "o.mp4", "--loudness", "-20")]
    [InlineData("energy", "talk.mp4", "-o", "c.csv")]
    [InlineData("scene", "hammer", "--sound", "-o", "s.mp4")]
    [InlineData("batch", "films.csv")]
    public async Task A_missing_temporary_folder_is_a_fault_of_the_machine(params string[] arguments)
    {
        using var folder = Films();
        File.WriteAllText(folder.Path("films.csv"), "talk.mp4,rain\n");
        var outcome = await RewasAsync(
            folder,
            new() { ["TMPDIR"] = "/nowhere" },
            [.. arguments, .. arguments[0] == "scene" ? (string[])[] : ["--bundle", things.Bundle]]);
        AssertLastLine(1, "TMPDIR: the temporary folder '/nowhere/' does not exist", outcome);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    // Signals.

    [Theory]
    [InlineData(Hangup)]
    [InlineData(Quit)]
    [InlineData(Terminate)]
    public async Task A_signal_that_ends_it_leaves_nothing(int signal)
    {
        using var folder = Films();
        using var temporary = new TemporaryFolder();
        var before = folder.Contents();
        using var process = Programs.Start(
            "env",
            [
                "--default-signal=HUP,QUIT,TERM",
                "dotnet",
                Programs.Dll("rewas"),
                "generate",
                "talk.mp4",
                "-p",
                "rain",
                "-o",
                "o.mp4",
                "--steps",
                "1000",
                "--wav",
            ],
            folder.Root,
            new Dictionary<string, string> { ["TMPDIR"] = temporary.Path });
        // The line that says what the video is comes before the first sampling step.
        Assert.StartsWith(
            "video:", await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, Kill(process.Id, signal));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Equal(before, folder.Contents());
        Assert.DoesNotContain(temporary.Entries, file => file.StartsWith("rewas-", StringComparison.Ordinal));
    }

    // The mode of a replaced file.

    [Theory]
    [InlineData(0x1a0)]                                                      // 0640
    [InlineData(0x180)]                                                      // 0600
    [InlineData(0x1b4)]                                                      // 0664
    public async Task What_is_replaced_keeps_its_mode_and_a_link_stays_a_link(int mode)
    {
        using var folder = Films();
        File.WriteAllText(folder.Path("kept.csv"), "");
        File.SetUnixFileMode(folder.Path("kept.csv"), (UnixFileMode)mode);
        File.CreateSymbolicLink(folder.Path("to-kept.csv"), "kept.csv");
        var outcome = await RewasAsync(folder, "edit", "curve.csv", "--gain=-3dB", "-o", "to-kept.csv");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal("kept.csv", new FileInfo(folder.Path("to-kept.csv")).LinkTarget);
        Assert.NotEqual("", File.ReadAllText(folder.Path("kept.csv")));
        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(folder.Path("kept.csv")));
    }

    /// <summary>A film under several names, curves, recordings, and things that are not files.</summary>
    static ClipFolder Films()
    {
        var folder = new ClipFolder();
        folder.Plain("talk.mp4", "testsrc2=size=64x64:rate=25:duration=1");
        Directory.CreateDirectory(folder.Path("sub"));
        Directory.CreateDirectory(folder.Path("sub.csv"));
        Directory.CreateSymbolicLink(folder.Path("folder"), ".");
        foreach (var (name, target) in ((string, string)[])[
            ("link.mp4", "talk.mp4"),
            ("broken.mp4", "nowhere.mp4"),
            ("loop.mp4", "loop.mp4"),
            ("loop.csv", "loop.csv"),
            ("talk.png", "talk.mp4"),
        ])
            File.CreateSymbolicLink(folder.Path(name), target);
        foreach (var name in (string[])["hard.mp4", "talk.svg", "talk.csv"])
            Link(folder.Path("talk.mp4"), folder.Path(name));
        foreach (var name in (string[])["pipe.mp4", "pipe.csv"])
            Assert.Equal(0, MakePipe(folder.Path(name), 0x1a4));
        string curve = "time_s,energy\n"
            + string.Concat(Enumerable.Range(0, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i / 100.0},-5\n")));
        foreach (var name in (string[])["curve.csv", "other.csv"])
            File.WriteAllText(folder.Path(name), curve);
        File.WriteAllText(
            folder.Path("o.mp4.json"), $"{{\"valuesPerSecond\":100,\"values\":[{string.Join(',', Enumerable.Repeat("-5", 100))}]}}");
        File.WriteAllText(folder.Path("locked.mp4"), "mine");
        File.SetUnixFileMode(folder.Path("locked.mp4"), UnixFileMode.UserRead);
        File.WriteAllText(folder.Path("wave.npy"), "");
        foreach (var name in (string[])["x.wav", "x.primary.wav", "x.candidate-2.wav"])
            folder.Make(name, "sine=duration=1");
        Link(folder.Path("x.wav"), folder.Path("hard.wav"));
        return folder;
    }

    static void FakeFfmpeg(ClipFolder programs, string body)
    {
        File.WriteAllText(programs.Path("ffmpeg"), $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(programs.Path("ffmpeg"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(programs.Path("ffprobe"), "/usr/bin/ffprobe");
    }

    static Dictionary<string, string> Ffmpeg(ClipFolder programs) => new() { ["REWAS_FFMPEG"] = programs.Root };

    static Task<Outcome> RewasAsync(ClipFolder folder, params string[] arguments) => RewasAsync(folder, [], arguments);

    static Task<Outcome> RewasAsync(ClipFolder folder, Dictionary<string, string> environment, params string[] arguments) =>
        Programs.RunAsync("dotnet", [Programs.Dll("rewas"), .. arguments], folder.Root, environment);

    static void AssertOneLine(int exitCode, string said, Outcome outcome, bool anywhere = false)
    {
        Assert.True(outcome.ExitCode == exitCode, $"exit code {outcome.ExitCode}: {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines);
        if (anywhere)
            Assert.Contains(said, line, StringComparison.Ordinal);
        else
            Assert.StartsWith($"rewas: {said}", line, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    static void AssertLastLine(int exitCode, string said, Outcome outcome)
    {
        Assert.True(outcome.ExitCode == exitCode, $"exit code {outcome.ExitCode}: {outcome.Error}");
        Assert.StartsWith($"rewas: {said}", outcome.ErrorLines[^1], StringComparison.Ordinal);
    }

    static void Link(string file, string name) => Assert.Equal(0, HardLink(file, name));

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string file, string name);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
