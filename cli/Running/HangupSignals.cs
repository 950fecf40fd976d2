using System.Runtime.InteropServices;

namespace Rewas.Cli.Running;

/// <summary>
/// SIGHUP and SIGQUIT end a command as Ctrl-C does. System.CommandLine handles only SIGINT and SIGTERM. Without a handler, the other two
/// kill the process before it can clean up. A SIGHUP that was ignored at the start, as under nohup, stays ignored.
/// </summary>
sealed class HangupSignals : IDisposable
{
    readonly CancellationTokenSource cancelled = new();
    readonly TaskCompletionSource received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly PosixSignalRegistration hangup, quit;

    public HangupSignals()
    {
        hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Receive);
        quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Receive);
    }

    /// <summary>Cancelled by either signal.</summary>
    public CancellationToken Token => cancelled.Token;

    /// <summary>Waits for a command. After a signal it waits for the limit at most.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndedAsync(Task<int> command, TimeSpan limit)
    {
        if (await Task.WhenAny(command, received.Task) != command && await Task.WhenAny(command, Task.Delay(limit)) != command)
            return ExitCodes.Cancelled;
        return await command;
    }

    void Receive(PosixSignalContext signal)
    {
        signal.Cancel = true;
        cancelled.Cancel();
        received.TrySetResult();
    }

    public void Dispose()
    {
        hangup.Dispose();
        quit.Dispose();
        cancelled.Dispose();
    }
}
