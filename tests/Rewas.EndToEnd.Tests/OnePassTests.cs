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
        WriteProbe(programs, folder.File("probes.log"));
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
        var probes = (await File.ReadAllLinesAsync(folder.File("probes.log"), TestContext.Current.CancellationToken))
            .Where(line => line.Contains("hammer.mp4", StringComparison.Ordinal))
            .ToList();
        Assert.True(probes.Count == 1, string.Join('\n', probes));
        Assert.Empty(copies);
    }

    /// <summary>An ffprobe that writes down its arguments before it does its work.</summary>
    static void WriteProbe(string folder, string log)
    {
        var real = Environment.GetEnvironmentVariable("PATH")
            !.Split(':')
            .Select(place => Path.Combine(place, "ffprobe"))
            .First(File.Exists);
        var path = Path.Combine(folder, "ffprobe");
        File.WriteAllText(path, $"#!/bin/sh\necho \"$@\" >> '{log}'\nexec '{real}' \"$@\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
