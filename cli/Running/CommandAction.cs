using System.CommandLine;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Cli.Running;

/// <summary>Runs a command's work. This is the only place that turns failures into exit codes.</summary>
static class CommandAction
{
    /// <summary>A command's action. An expected failure becomes one line on standard error and an exit code.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Of(Func<ParseResult, CancellationToken, Task<int>> run) =>
        (arguments, cancel) => RunAsync(() => run(arguments, cancel), cancel);

    /// <summary>Runs work outside the parsed commands.</summary>
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
            // The terminal is closed; the exit code still reports the failure.
        }
        return exitCode;
    }
}
