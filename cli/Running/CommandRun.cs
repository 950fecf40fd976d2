using System.CommandLine;

namespace Rewas.Cli.Running;

/// <summary>Parses a command line and runs its command until it ends or a signal stops it.</summary>
static class CommandRun
{
    /// <summary>How long work may take to stop after Ctrl-C. It normally takes far less.</summary>
    static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(1);

    /// <summary>128 + SIGTERM.</summary>
    const int Terminated = 143;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        // A word that begins with '@' is an ordinary word, not a response file.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            return await CommandAction.TellAsync(
                string.Join("; ", parsed.Errors.Select(error => error.Message)) + " (see --help)", ExitCodes.BadInput);
        using var hangup = new HangupSignals();
        var running = parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = TerminationTimeout, EnableDefaultExceptionHandler = false },
            hangup.Token);
        var exitCode = await hangup.EndedAsync(running, TerminationTimeout);
        // The library returns 143 if the work does not stop in time after SIGTERM. A busy machine must not change the exit code.
        return exitCode == Terminated ? ExitCodes.Cancelled : exitCode;
    }
}
