using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

/// <summary>What ffmpeg gets of the process that starts it.</summary>
public sealed class ConfinementTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_gets_no_variable_that_may_be_a_secret()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "env is a program of Unix");
        Environment.SetEnvironmentVariable("REWAS_TEST_SECRET", "hunter2");
        var names = (await OutputAsync("/usr/bin/env")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=')[0]).ToList();
        string[] allowed = ["PATH", "LC_ALL", "MALLOC_ARENA_MAX", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PWD", "_", "SHLVL"];
        Assert.Contains("PATH", names);
        Assert.All(names, name => Assert.Contains(name, allowed));
    }

    [Fact]
    public async Task It_can_gain_no_privileges()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "there is no setpriv here");
        Assert.Contains("no_new_privs: 1", await OutputAsync("/usr/bin/setpriv", "--dump"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_sandbox_it_sees_the_files_that_it_is_given_and_no_others()
    {
        Assert.SkipUnless(Sandbox.HidesFiles, "bubblewrap is not installed, or does not work here");
        var (given, other) = (clips.Path("given.txt"), clips.Path("other.txt"));
        await File.WriteAllTextAsync(given, "given", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(other, "other", TestContext.Current.CancellationToken);
        Assert.Equal("given", await OutputAsync("/usr/bin/sh", "-c", "cat ${2#file:}", "sh", "-i", Ffmpeg.Argument(given)));
        await Assert.ThrowsAsync<MediaProcessException>(() => OutputAsync("/usr/bin/cat", other));
        await Assert.ThrowsAsync<MediaProcessException>(() => OutputAsync("/usr/bin/cat", "/etc/passwd"));
    }

    /// <summary>Who reads UNAVAILABLE tries again. A killed process says nothing about the video.</summary>
    [Fact]
    public async Task Killed_by_somebody_else_is_a_fault_of_the_machine()
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => OutputAsync("/usr/bin/sh", "-c", "kill -KILL $$"));
        Assert.Equal((FaultKind.Environment, "ffmpeg"), (fault.Kind, fault.Field));
    }

    [Fact]
    public async Task More_processor_time_than_it_may_take_is_a_fault_of_the_video()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux limits processor time");
        var fault = await Assert.ThrowsAsync<InputFault>(() => OutputAsync(
            new Confinement { ProcessorTime = TimeSpan.FromSeconds(1) }, "/usr/bin/sh", "-c", "while :; do :; done"));
        Assert.Equal((FaultKind.Exhausted, "video"), (fault.Kind, fault.Field));
    }

    /// <summary>The kernel can end a process with the thread that started it. Threads of the pool end when they are idle.</summary>
    [Fact]
    public async Task It_outlives_the_thread_that_asked_for_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux lists the threads of a process");
        MediaProcess? started = null;
        var number = "";
        var thread = new Thread(() =>
        {
            number = Path.GetFileName(new FileInfo("/proc/thread-self").ResolveLinkTarget(returnFinalTarget: false)!.FullName);
            started = MediaProcess.Start("/usr/bin/cat", [], Limit, CancellationToken.None);
        });
        thread.Start();
        thread.Join();
        await using var process = started!;
        await Wait.UntilAsync(() => !Directory.Exists($"/proc/self/task/{number}"), "the thread has ended");
        Assert.True(await process.WriteAsync("still here"u8.ToArray()));
        Assert.Equal("still here", await process.ReadTextAsync());
    }

    static Task<string> OutputAsync(string program, params string[] arguments) => OutputAsync(new(), program, arguments);

    static async Task<string> OutputAsync(Confinement limits, string program, params string[] arguments)
    {
        await using var process = MediaProcess.Start(program, arguments, Limit, TestContext.Current.CancellationToken, limits);
        return await process.ReadTextAsync();
    }

    [Fact]
    public async Task A_picture_that_grows_beyond_the_limit_after_the_header_is_not_decoded()
    {
        var bytes = new MemoryStream();
        foreach (var (name, colour, size, start) in ((string, string, string, int)[])
            [("small.ts", "black", "64x48", 0), ("large.ts", "white", "5120x3840", 1)])
            bytes.Write(await File.ReadAllBytesAsync(
                clips.Make(
                    name, $"color={colour}:size={size}:rate=25:duration=1", "-c:v", "mpeg2video", "-output_ts_offset", $"{start}", "-f",
                    "mpegts"),
                TestContext.Current.CancellationToken));
        var growing = clips.Path("growing.ts");
        await File.WriteAllBytesAsync(growing, bytes.ToArray(), TestContext.Current.CancellationToken);
        var facts = await VideoProbe.ReadAsync(growing, new(), TestContext.Current.CancellationToken);
        Assert.Equal((64, 48), (facts.Width, facts.Height));

        byte[] strip;
        try
        {
            strip = await Filmstrip.ReadAsync(growing, facts, 2, 64, 48, TestContext.Current.CancellationToken);
        }
        catch (InputFault fault)
        {
            Assert.Equal("video", fault.Field);
            return;
        }
        await File.WriteAllBytesAsync(clips.Path("strip.png"), strip, TestContext.Current.CancellationToken);
        var levels = ClipFolder.Run("-i", clips.Path("strip.png"), "-vf", "scale=2:1,format=gray", "-f", "rawvideo", "-");
        Assert.All(levels, level => Assert.InRange(level, 0, 64));
    }
}
