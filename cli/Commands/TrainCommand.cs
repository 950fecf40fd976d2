using System.CommandLine;
using System.Diagnostics;
using Rewas.Faults;

namespace Rewas.Cli.Commands;

/// <summary>
/// <c>rewas train</c>: hands its arguments to the trainer, which is a program of its own because it needs libtorch (half a gigabyte that
/// nobody who only generates should download). It is built from the checkout when first asked for.
/// </summary>
static class TrainCommand
{
    static readonly Argument<string[]> Arguments = new("arguments") { Description = "arguments of the trainer; `rewas train --help` shows them", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create()
    {
        var command = new Command("train", "Trains the networks of a bundle (builds the trainer, which downloads libtorch, on first use).") { Arguments };
        command.TreatUnmatchedTokensAsErrors = false;
        command.Options.Clear();                                              // --help belongs to the trainer
        command.SetAction(RewasCommand.Action(async (arguments, cancel) =>
        {
            var root = RepositoryRoot() ?? throw InputFault.Precondition("train", "needs a checkout of the repository: run ./rewas train there");
            var start = new ProcessStartInfo("dotnet") { UseShellExecute = false };
            string[] all = ["run", "-c", "Release", "--project", Path.Combine(root, "training", "Trainer"), "--", .. arguments.GetValue(Arguments) ?? [], .. arguments.UnmatchedTokens];
            foreach (var argument in all)
                start.ArgumentList.Add(argument);
            using var trainer = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
            // Ctrl-C reaches the trainer too, which writes a checkpoint before it ends.
            await trainer.WaitForExitAsync(CancellationToken.None);
            return trainer.ExitCode;
        }));
        return command;
    }

    static string? RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rewas.Platform.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }
}
