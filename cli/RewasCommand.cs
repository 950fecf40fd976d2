using System.CommandLine;
using Rewas.Cli.Commands;
using Rewas.Client;
using Rewas.Faults;

namespace Rewas.Cli;

/// <summary>The command line: one subcommand a file in Commands/, and one place from failures to exit codes.</summary>
static class RewasCommand
{
    /// <summary>After Ctrl-C, work stops by itself in far less; this is for the case that it does not.</summary>
    static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(1);

    /// <summary>128 + SIGTERM.</summary>
    const int Terminated = 143;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [TrainCommand.Name, .. var forTrainer])
            return await ToldAsync(() => TrainCommand.RunAsync(forTrainer), CancellationToken.None);
        if (args is [BenchCommand.Name, .. var forBench])
            return await ToldAsync(() => BenchCommand.RunAsync(forBench), CancellationToken.None);
        var root = new RootCommand("Adds sound to silent video: the picture decides when and how loud, your words decide what.")
        {
            GenerateCommand.Create(),
            BatchCommand.Create(),
            EnergyCommand.Create(),
            CaptionCommand.Create(),
            CheckCommand.Create(),
            ChatCommand.Create(),
            EditCommand.Create(),
            RenderCommand.Create(),
            ServeCommand.Create(),
            KeysCommand.Create(),
            ModelsCommand.Create(),
            EvaluateCommand.Create(),
            SceneCommand.Create(),
            TrainCommand.Create(),
            BenchCommand.Create(),
            OptionsCommand.Create(),
            DoctorCommand.Create(),
        };
        // A word that begins with '@' is a word: no file is read for it.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            return await TellAsync(string.Join("; ", parsed.Errors.Select(error => error.Message)) + " (see --help)", ExitCodes.BadInput);
        using var hangup = new HangupSignals();
        var running = parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TerminationTimeout, EnableDefaultExceptionHandler = false }, hangup.Token);
        var exitCode = await hangup.EndedAsync(running, TerminationTimeout);
        // The library says 143 when the work does not stop in time after SIGTERM. A busy machine must not change the exit code.
        return exitCode == Terminated ? ExitCodes.Cancelled : exitCode;
    }

    /// <summary>A command's action: expected failures become one line on standard error and an exit code.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Action(Func<ParseResult, CancellationToken, Task<int>> run) =>
        (arguments, cancel) => ToldAsync(() => run(arguments, cancel), cancel);

    static async Task<int> ToldAsync(Func<Task<int>> run, CancellationToken cancel)
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

    static async Task<int> TellAsync(string line, int exitCode)
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

/// <summary>What the process says to scripts.</summary>
static class ExitCodes
{
    /// <summary>It could not be done: a stage broke, or this machine lacks something.</summary>
    public const int Failed = 1;

    /// <summary>An argument, a file or a limit: the line on standard error names it.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, as shells count it: 128 + SIGINT. The other signals that end a process count as Ctrl-C.</summary>
    public const int Cancelled = 130;

    public static int Of(InputFault fault) => fault.Kind == FaultKind.Environment ? Failed : BadInput;
}
