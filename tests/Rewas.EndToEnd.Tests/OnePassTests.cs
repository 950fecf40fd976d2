namespace Rewas.EndToEnd.Tests;

/// <summary>In one process a video is opened for probing once, read for its hash once, and not copied.</summary>
public class OnePassTests
{
    [Theory]
    [InlineData("generate", "--prompt", "a hammer", "--steps", "2", "-o", "OUT")]
    [InlineData("generate", "--prompt", "a hammer", "--steps", "2", "-o", "OUT", "--loudness", "-20", "--candidates", "2")]
    [InlineData("energy", "-o", "CURVE")]
    [InlineData("check", "--prompt", "a hammer")]
    [InlineData("caption")]
    public async Task A_video_is_probed_once_and_not_copied(string command, params string[] options)
    {
        using var folder = new TemporaryFolder();
        using var temporary = new TemporaryFolder();
        var programs = Directory.CreateDirectory(folder.File("bin")).FullName;
        var told = Path.Combine(programs, "probes");
        WriteProbe(programs, told);
        // A sandbox shows the folder of the program and does not let it write files there. A pipe may be written to.
        using var log = new FileStream(told, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var reading = ReadAsync(log);
        var copies = new List<string>();
        using var watcher = new FileSystemWatcher(temporary.Path) { IncludeSubdirectories = true, EnableRaisingEvents = true };
        watcher.Created += (_, made) =>
        {
            if (Path.GetFileName(made.Name) == "video")
                lock (copies)
                    copies.Add(made.Name!);
        };
        string[] arguments =
        [
            .. options.Select(
                option => option switch { "OUT" => folder.File("out.mp4"), "CURVE" => folder.File("curve.csv"), _ => option }),
        ];
        string[] all = [Programs.Dll("rewas"), command, Programs.Sample, .. arguments];
        var outcome = await Programs.RunAsync("dotnet", all, environment: new Dictionary<string, string>
        {
            ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}",
            ["TMPDIR"] = temporary.Path,
        });
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        await File.AppendAllTextAsync(told, "end\n", TestContext.Current.CancellationToken);
        var probes = (await reading)
            .Where(line => line.Contains("hammer.mp4", StringComparison.Ordinal))
            .ToList();
        Assert.True(probes.Count == 1, string.Join('\n', probes));
        Assert.Empty(copies);
    }

    /// <summary>The lines of a pipe before "end".</summary>
    static async Task<List<string>> ReadAsync(FileStream pipe)
    {
        var lines = new List<string>();
        using var reader = new StreamReader(pipe, leaveOpen: true);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && line != "end")
            lines.Add(line);
        return lines;
    }

    /// <summary>An ffprobe that writes down its arguments before it does its work.</summary>
    static void WriteProbe(string folder, string log)
    {
        var real = Environment.GetEnvironmentVariable("PATH")
            !.Split(':')
            .Select(place => Path.Combine(place, "ffprobe"))
            .First(File.Exists);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [log]))
            made.WaitForExit();
        var path = Path.Combine(folder, "ffprobe");
        File.WriteAllText(path, $"#!/bin/sh\necho \"$@\" >> '{log}'\nexec '{real}' \"$@\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
