using System.CommandLine;

namespace Rewas.Cli.Running;

/// <summary>Parses a command line and runs the command that it names, until that ends or a signal ends it.</summary>
static class CommandRun
{
    /// <summary>After Ctrl-C, work stops by itself in far less; this is for the case that it does not.</summary>
    static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(1);

    /// <summary>128 + SIGTERM.</summary>
    const int Terminated = 143;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        // A word that begins with '@' is a word: no file is read for it.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            return await CommandAction.TellAsync(
                string.Join("; ", parsed.Errors.Select(error => error.Message)) + " (see --help)", ExitCodes.BadInput);
        using var hangup = new HangupSignals();
        var running = parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = TerminationTimeout, EnableDefaultExceptionHandler = false },
            hangup.Token);
        var exitCode = await hangup.EndedAsync(running, TerminationTimeout);
        // The library says 143 when the work does not stop in time after SIGTERM. A busy machine must not change the exit code.
        return exitCode == Terminated ? ExitCodes.Cancelled : exitCode;
    }
}
