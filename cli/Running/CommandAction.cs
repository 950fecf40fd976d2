using System.CommandLine;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Cli.Running;

/// <summary>Runs a command's work: the one place from failures to exit codes.</summary>
static class CommandAction
{
    /// <summary>A command's action: expected failures become one line on standard error and an exit code.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Of(Func<ParseResult, CancellationToken, Task<int>> run) =>
        (arguments, cancel) => RunAsync(() => run(arguments, cancel), cancel);

    /// <summary>Runs work that no parsed command stands for.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> run, CancellationToken cancel)
    {
        try
        {
            return await run();
        }
        catch (InputFault fault)
        {
            return await TellAsync(fault.Message, ExitCodes.Of(fault));
        }
        catch (StageFailure failure)
        {
            return await TellAsync(failure.Message, failure.IsInputFault ? ExitCodes.BadInput : ExitCodes.Failed);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return await TellAsync("cancelled", ExitCodes.Cancelled);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            var fault = FileFault.Of(failure);
            return await TellAsync(fault.Message, ExitCodes.Of(fault));
        }
    }

    /// <summary>Writes one line on standard error.</summary>
    public static async Task<int> TellAsync(string line, int exitCode)
    {
        try
        {
            await Console.Error.WriteLineAsync($"rewas: {line.ReplaceLineEndings(" ")}");
        }
        catch (IOException)
        {
            // The terminal is gone; the exit code still tells.
        }
        return exitCode;
    }
}
