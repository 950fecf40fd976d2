using System.Diagnostics;
using System.Text;
using Rewas.Faults;

namespace Rewas.Video;

/// <summary>
/// A running ffmpeg or ffprobe. It is killed, with all its children, when its time is up, on cancellation, and when this is disposed of
/// before it ended; what it writes to standard error is kept up to a limit.
/// </summary>
sealed class MediaProcess : IAsyncDisposable
{
    const int KeptErrorCharacters = 8192;
    const int LongestText = 4 << 20;

    static readonly ActivitySource Trace = new("Rewas.Video");

    readonly Process process;
    readonly Activity? span;
    readonly CancellationTokenSource timeUp = new();
    readonly CancellationToken caller;
    readonly CancellationTokenRegistration onCancelled, onTimeUp;
    readonly Task<string> errors;
    readonly string program;

    MediaProcess(Process process, string program, CancellationToken caller)
    {
        (this.process, this.program, this.caller, span) = (process, program, caller, StartSpan(program));
        errors = ReadErrorsAsync();
        onCancelled = caller.Register(Kill);
        onTimeUp = timeUp.Token.Register(Kill);
    }

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    /// <param name="program">Full path.</param>
    /// <param name="arguments">Each passed as it is: no shell, no splitting.</param>
    /// <param name="limit">Time until it is killed; may be set anew with <see cref="LimitFromNow"/>.</param>
    /// <param name="caller">Kills it.</param>
    /// <param name="confinement">What it may take of the machine.</param>
    public static MediaProcess Start(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken caller, Confinement? confinement = null)
    {
        caller.ThrowIfCancellationRequested();
        var (launcher, all) = (confinement ?? new()).Confine(program, arguments);
        var start = new ProcessStartInfo(launcher, all)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment.Remove("FFREPORT");                                // would write a log file
        var process = Process.Start(start) ?? throw InputFault.Precondition("ffmpeg", $"'{program}' could not be started");
        var running = new MediaProcess(process, Path.GetFileNameWithoutExtension(program), caller);
        running.LimitFromNow(limit);
        return running;
    }

    /// <summary>It is killed unless it ends, or the limit is set anew, within this time.</summary>
    public void LimitFromNow(TimeSpan limit) => timeUp.CancelAfter(limit);

    /// <summary>No limit for now: it waits for us.</summary>
    public void SuspendLimit() => timeUp.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>All of its standard output, once it has ended well.</summary>
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

    /// <summary>Writes to its standard input. False if it no longer reads: it has ended, and <see cref="EndAsync"/> tells why.</summary>
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

    /// <summary>Waits for its end; returns what it wrote to standard error.</summary>
    /// <exception cref="MediaProcessException">It failed.</exception>
    /// <exception cref="InputFault">Exhausted: its time was up.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<string> EndAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None);
        ThrowIfKilled();
        var said = await errors;
        return process.ExitCode == 0 ? said : throw new MediaProcessException(program, process.ExitCode, said);
    }

    /// <summary>Tells an end that it came to by itself from one that was brought about.</summary>
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

    /// <summary>The process's life is a span beside what the caller does, not around it.</summary>
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
        catch (InvalidOperationException)                                    // it has ended already
        {
        }
    }

    /// <summary>The last characters: ffmpeg states the decisive fault last.</summary>
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
