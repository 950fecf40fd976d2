using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rewas.EndToEnd.Tests;

public partial class CancellationTests
{
    const int Interrupt = 2;                                                   // SIGINT

    /// <summary>A shell that starts the tests in the background makes them ignore Ctrl-C, and child processes would inherit that.</summary>
    static readonly string[] Interruptible = ["--default-signal=INT"];

    [Fact]
    public async Task Ctrl_C_ends_soon_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var temporary = new TemporaryFolder();
        using var process = Generate(folder, temporary, "--wav");

        // The line that says what the video is comes before the first sampling step.
        Assert.StartsWith(
            "video:", await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Task.Delay(1500, TestContext.Current.CancellationToken);             // well inside the sampling
        Assert.False(process.HasExited);
        var children = ChildrenOf(process.Id);
        Assert.Equal(0, Kill(process.Id, Interrupt));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.Empty(folder.Entries);
        Assert.DoesNotContain(temporary.Entries, file => file.StartsWith("rewas-", StringComparison.Ordinal));
        // What was killed is there until the system has put it away.
        await Wait.UntilAsync(() => !children.Exists(IsRunning), "its child processes are gone");
    }

    /// <summary>Interrupts while the command starts, reads the video or loads networks. Nothing can cancel these steps.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(900)]
    [InlineData(1600)]
    [InlineData(2500)]
    public async Task Ctrl_C_at_any_time_is_a_cancellation(int milliseconds)
    {
        using var folder = new TemporaryFolder();
        using var temporary = new TemporaryFolder();
        using var process = Generate(folder, temporary);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        Assert.Equal(0, Kill(process.Id, Interrupt));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(folder.Entries);
        Assert.DoesNotContain(temporary.Entries, file => file.StartsWith("rewas-", StringComparison.Ordinal));
    }

    /// <summary>Starts a command that takes far longer than any test waits.</summary>
    static Process Generate(TemporaryFolder output, TemporaryFolder temporary, params string[] more) => Programs.Start(
        "env",
        [
            .. Interruptible, "dotnet", Programs.Dll("rewas"), "generate", Programs.Sample, "--prompt", "rain",
            "-o", output.File("out.mp4"), "--steps", "1000", .. more,
        ],
        environment: new Dictionary<string, string> { ["TMPDIR"] = temporary.Path });

    static List<int> ChildrenOf(int process) =>
        [
            .. Directory.EnumerateDirectories("/proc")
                .Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0)
                .Where(id => id > 0 && ParentOf(id) == process),
        ];

    static int ParentOf(int process)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(fields[(fields.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;                                                              // it has ended meanwhile
        }
    }

    static bool IsRunning(int process) => Directory.Exists($"/proc/{process}");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
