using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>Runs <c>rewas batch</c> as users do, with a tiny bundle.</summary>
public sealed partial class BatchTests(BatchTests.Things things) : IClassFixture<BatchTests.Things>
{
    const int Interrupt = 2;                                                 // SIGINT

    public sealed class Things : IDisposable
    {
        readonly TinyBundle bundle = new();

        public string Bundle => bundle.Bundle.Directory;

        public void Dispose() => bundle.Dispose();
    }

    [Fact]
    public async Task What_fails_is_reported_and_alone_made_when_it_is_run_again()
    {
        using var clips = new ClipFolder();
        Clip(clips, "one.mp4");
        Directory.CreateDirectory(clips.Path("sub"));
        Clip(clips, "sub/two.mp4");
        File.WriteAllText(clips.Path("-bad.mp4"), "no video");
        await WriteAsync(
            clips,
            "file,prompt,seed,output,steps",
            "one.mp4,\"rain, on a roof\",7,,",
            "sub/two.mp4,wind,,second.wav,2",
            "-bad.mp4,=1+1,,,",
            "one.mp4,wind,,,");

        var first = await BatchAsync(clips, "--steps", "1", "--real-time-factor", "2");
        Assert.Equal((1, "3 of 4 files made, 1 failed"), (first.ExitCode, first.Output.Split(": ", 2)[1].Split(": ")[0]));
        Assert.Contains("4 files, about 3 s at the stated real-time factor 2", first.Error, StringComparison.Ordinal);
        Assert.Equal(["failures.csv", "one-2.mp4", "one.mp4", "second.wav"], Outputs(clips));
        var report = await File.ReadAllLinesAsync(clips.Path("out/failures.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("line,file,output,prompt,attempts,error", report[0]);
        Assert.StartsWith("4,'-bad.mp4,'-bad.mp4,'=1+1,1,", report[1], StringComparison.Ordinal);
        var made = File.GetLastWriteTimeUtc(clips.Path("out/one.mp4"));

        File.Copy(clips.Path("one.mp4"), clips.Path("-bad.mp4"), overwrite: true);
        var second = await BatchAsync(clips, "--steps", "1");
        Assert.Equal((0, 3), (second.ExitCode, second.ErrorLines.Count(line => line.EndsWith(": made before", StringComparison.Ordinal))));
        Assert.Equal(["-bad.mp4", "one-2.mp4", "one.mp4", "second.wav"], Outputs(clips));
        Assert.Equal(made, File.GetLastWriteTimeUtc(clips.Path("out/one.mp4")));
        Assert.Contains("an estimate follows after the first", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_it_and_the_same_command_goes_on()
    {
        const int Count = 12;
        using var clips = new ClipFolder();
        Clip(clips, "one.mp4");
        // The later ones take longer, so that it has not ended when it is stopped.
        await WriteAsync(
            clips, ["file,prompt,seed,steps", .. Enumerable.Range(0, Count).Select(i => $"one.mp4,rain,{i},{(i < 3 ? 1 : 100)}")]);
        using (var process = Programs.Start(
            "env", ["--default-signal=INT", "dotnet", Programs.Dll("rewas"), .. Arguments(clips, "--steps", "1", "--format", "wav")]))
        {
            for (var made = 0; made < 3;)
                made += (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken))
                    !.Contains("made in", StringComparison.Ordinal)
                    ? 1
                    : 0;
            Assert.Equal(0, Kill(process.Id, Interrupt));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(130, process.ExitCode);
        }
        Assert.InRange(Outputs(clips).Count, 3, Count - 1);
        Assert.DoesNotContain(Outputs(clips), file => file.Contains("partial", StringComparison.Ordinal));

        var again = await BatchAsync(clips, "--steps", "1", "--format", "wav");
        Assert.Equal((0, Count), (again.ExitCode, Outputs(clips).Count));
        await using var connection = new SqliteConnection($"Data Source={clips.Path("out/.rewas-jobs/jobs.db")}");
        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => (long)i),
            await connection.QueryAsync<long>("SELECT item FROM rewas_executions WHERE outcome = 'succeeded' ORDER BY item"));
    }

    [Fact]
    public async Task With_a_gateway_the_videos_are_sent_and_the_same_command_finds_the_job_again()
    {
        using var clips = new ClipFolder();
        Clip(clips, "one.mp4");
        Clip(clips, "two.mp4", "0.3");
        await WriteAsync(clips, "one.mp4,rain", "one.mp4,wind", "two.mp4,rain");
        using var service = await ServiceProcess.ServeAsync(Programs.FreePort(), "--bundle", things.Bundle, "--", "--Onnx:Threads=1");
        var first = await BatchAsync(clips, "--steps", "1", "--gateway", service.Address);
        Assert.Equal((0, ""), (first.ExitCode, first.ExitCode == 0 ? "" : first.Error));
        Assert.Equal(["one-2.mp4", "one.mp4", "two.mp4"], Outputs(clips));
        File.Delete(clips.Path("out/two.mp4"));
        var again = await BatchAsync(clips, "--steps", "1", "--gateway", service.Address, "--json");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("\"succeeded\":3", again.Output, StringComparison.Ordinal);
        Assert.Equal(["one-2.mp4", "one.mp4", "two.mp4"], Outputs(clips));
    }

    [Fact]
    public async Task A_hostile_manifest_is_refused_before_anything_is_made()
    {
        using var clips = new ClipFolder();
        using var outside = new TemporaryFolder();
        Clip(clips, "one.mp4");
        File.Copy(clips.Path("one.mp4"), outside.File("secret.mp4"));
        File.CreateSymbolicLink(clips.Path("link.mp4"), outside.File("secret.mp4"));
        await WriteAsync(clips,
        [
            "file,prompt,output,seed",
            "../secret.mp4,rain,,",
            $"{outside.File("secret.mp4")},rain,,",
            "link.mp4,rain,,",
            "one.mp4,rain,../out.mp4,",
            "one.mp4,rain,out.exe,",
            "one.mp4,,,",
            "one.mp4,rain,,=1",
            $"one.mp4,{new string('x', 20_000)},,", "one.mp4,\"rain,,", "one.mp4,rain,,,,,",
        ]);
        var outcome = await BatchAsync(clips);
        Assert.Equal(2, outcome.ExitCode);
        foreach (var said in (string[])
        [
            "line 2: path: must be relative",
            "line 3: path: must be relative",
            "line 4: path: must not lead over links",
            "line 5: output: must be a file name",
            "line 6: output: must end in .mp4",
            "line 7: prompt: must have 1 to 2000 characters, but is empty",
            "line 8: seed: must be a number, but is '=1'",
            "line 9: line: must have at most 16384 characters",
            "line 10: line: has a quote that is not closed",
            "line 11: line: must have 4 fields",
        ])
            Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clips.Path("out")));

        File.WriteAllBytes(clips.Path("films.csv"), [.. "one.mp4,rain\none.mp4,"u8, 0xE9, 0x74, 0xE9]);
        Assert.Contains("manifest: must be UTF-8, but line 2 is not", (await BatchAsync(clips)).Error, StringComparison.Ordinal);
        File.WriteAllBytes(clips.Path("films.csv"), [0xFF, 0xFE, (byte)'a', 0]);
        Assert.Contains("manifest: must be UTF-8, but line 1 is not", (await BatchAsync(clips)).Error, StringComparison.Ordinal);
        await WriteAsync(clips, "file,prompt,colour", "one.mp4,rain,red");
        Assert.Contains("line 1: columns are file, output, prompt", (await BatchAsync(clips)).Error, StringComparison.Ordinal);
        await WriteAsync(clips, "one.mp4,ra\0in");
        Assert.Contains("line 1: line: must not have control characters", (await BatchAsync(clips)).Error, StringComparison.Ordinal);
        await WriteAsync(clips, "");
        Assert.Contains("names no videos", (await BatchAsync(clips)).Error, StringComparison.Ordinal);
    }

    static void Clip(ClipFolder clips, string name, string seconds = "0.4") =>
        clips.Make(name, $"testsrc2=size=64x48:rate=25:duration={seconds}", "-c:v", "libx264", "-g", "5");

    static Task WriteAsync(ClipFolder clips, params string[] lines) =>
        File.WriteAllLinesAsync(clips.Path("films.csv"), lines, TestContext.Current.CancellationToken);

    Task<Outcome> BatchAsync(ClipFolder clips, params string[] options) => Programs.RewasAsync(Arguments(clips, options));

    string[] Arguments(ClipFolder clips, params string[] options) =>
        ["batch", clips.Path("films.csv"), "-o", clips.Path("out"), "--bundle", things.Bundle, .. options];

    /// <summary>Files that a user sees, without the sidecars. Each file that was made must have one.</summary>
    static IReadOnlyList<string> Outputs(ClipFolder clips)
    {
        List<string> files =
        [
            .. Directory.GetFiles(clips.Path("out"))
                .Select(path => Path.GetFileName(path))
                .Where(name => !name.StartsWith('.'))
                .Order(StringComparer.Ordinal),
        ];
        var outputs = files.Where(name => !name.EndsWith(".json", StringComparison.Ordinal)).ToList();
        Assert.Equal(outputs.Where(name => name != "failures.csv").Select(name => name + ".json"), files.Except(outputs));
        return outputs;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
