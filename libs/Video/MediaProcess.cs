using System.Diagnostics;
using System.Text;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>
/// A running ffmpeg or ffprobe. It is killed with all its children on timeout, on cancellation, and on disposal before its end. Its
/// standard error is kept up to a limit.
/// </summary>
sealed class MediaProcess : IAsyncDisposable
{
    const int KeptErrorCharacters = 8192;
    const int LongestText = 4 << 20;

    /// <summary>Exit codes of a process that a signal has ended: 128 and the number of the signal.</summary>
    const int EndedByKill = 128 + 9, EndedByProcessorTime = 128 + 24;

    static readonly string[] SignsOfNoMemory =
    [
        "cannot allocate memory", "get_buffer() failed", "failed to map segment", "thread_encoder_init failed",
        "resource temporarily unavailable",
    ];

    static readonly ActivitySource Trace = new("Rewas.Video");

    readonly Process process;
    readonly Activity? span;
    readonly CancellationTokenSource timeUp = new();
    readonly CancellationToken caller;
    readonly CancellationTokenRegistration onCancelled, onTimeUp;
    readonly Task<string> errors;
    readonly string program;
    readonly long memoryBytes;

    MediaProcess(Process process, string program, long memoryBytes, CancellationToken caller)
    {
        (this.process, this.program, this.memoryBytes, this.caller, span) = (process, program, memoryBytes, caller, StartSpan(program));
        errors = ReadErrorsAsync();
        onCancelled = caller.Register(Kill);
        onTimeUp = timeUp.Token.Register(Kill);
    }

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    /// <param name="program">Full path.</param>
    /// <param name="arguments">Passed unchanged, without shell or splitting.</param>
    /// <param name="limit">Time until it is killed. <see cref="LimitFromNow"/> resets it.</param>
    /// <param name="caller">Kills it.</param>
    public static MediaProcess Start(
        string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken caller, Confinement? confinement = null)
    {
        caller.ThrowIfCancellationRequested();
        var limits = confinement ?? new();
        var (launcher, all) = limits.Confine(program, [.. arguments]);
        var start = new ProcessStartInfo(launcher, all)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        ChildEnvironment.Apply(start);
        var process = ChildStarter.Start(start) ?? throw InputFault.Precondition("ffmpeg", $"'{program}' could not be started");
        var running = new MediaProcess(process, Path.GetFileNameWithoutExtension(program), limits.MemoryBytes, caller);
        running.LimitFromNow(limit);
        return running;
    }

    /// <summary>Restarts the timeout.</summary>
    public void LimitFromNow(TimeSpan limit) => timeUp.CancelAfter(limit);

    /// <summary>Suspends the timeout while the process waits for us.</summary>
    public void SuspendLimit() => timeUp.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Its standard output, after it ended successfully.</summary>
    /// <exception cref="MediaProcessException">It failed.</exception>
    public async Task<string> ReadTextAsync()
    {
        Input.Close();
        var text = new StringBuilder();
        var part = new char[4096];
        while (await process.StandardOutput.ReadAsync(part) is > 0 and var count)
        {
            text.Append(part, 0, count);
            if (text.Length > LongestText)
                throw InputFault.Exhausted("video", $"{program} described it in more than {LongestText} characters");
        }
        await EndAsync();
        return text.ToString();
    }

    /// <summary>Writes to its standard input. False if it has ended; <see cref="EndAsync"/> then gives the reason.</summary>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await Input.WriteAsync(bytes, CancellationToken.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits for its end and returns its standard error.</summary>
    /// <exception cref="MediaProcessException">It failed.</exception>
    /// <exception cref="InputFault">
    /// Exhausted: it timed out, or needs more memory or processor time than it may take. Environment: somebody else killed it, such as a
    /// kernel without free memory.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<string> EndAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None);
        ThrowIfKilled();
        var said = await errors;
        if (process.ExitCode == EndedByProcessorTime)
            throw InputFault.Exhausted("video", $"{program} took more processor time for it than it may");
        if (process.ExitCode == EndedByKill)
            throw new InputFault(FaultKind.Environment, "ffmpeg", $"{program} was killed; the machine may have no memory left");
        // Without memory for a frame, ffmpeg goes on with the next one and ends successfully.
        if (SignsOfNoMemory.Any(sign => said.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            throw InputFault.Exhausted("video", $"{program} may take at most {memoryBytes} bytes of memory for it, but needs more");
        return process.ExitCode == 0 ? said : throw new MediaProcessException(program, process.ExitCode, said);
    }

    /// <summary>Whether it was killed at its time limit.</summary>
    public bool TimedOut => timeUp.IsCancellationRequested;

    /// <summary>Throws if it was killed, to distinguish that from an end of its own.</summary>
    public void ThrowIfKilled()
    {
        caller.ThrowIfCancellationRequested();
        if (timeUp.IsCancellationRequested)
            throw InputFault.Exhausted("video", $"{program} made no progress within its time limit");
    }

    public async ValueTask DisposeAsync()
    {
        await onCancelled.DisposeAsync();
        span?.Dispose();
        await onTimeUp.DisposeAsync();
        Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await errors;
        process.Dispose();
        timeUp.Dispose();
    }

    /// <summary>Starts a span for the process beside the caller's current span, not around it.</summary>
    static Activity? StartSpan(string program)
    {
        var current = Activity.Current;
        var span = Trace.StartActivity(program);
        Activity.Current = current;
        return span;
    }

    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)                                    // it has already ended
        {
        }
    }

    /// <summary>Keeps the last characters, because ffmpeg states the decisive error last.</summary>
    async Task<string> ReadErrorsAsync()
    {
        var kept = new StringBuilder();
        var part = new char[1024];
        while (await process.StandardError.ReadAsync(part) is > 0 and var count)
        {
            kept.Append(part, 0, count);
            if (kept.Length > KeptErrorCharacters)
                kept.Remove(0, kept.Length - KeptErrorCharacters);
        }
        return kept.ToString();
    }
}
