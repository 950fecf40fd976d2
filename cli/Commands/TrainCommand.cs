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
    public const string Name = "train";

    /// <summary>For the list of commands; what follows its name is the trainer's, `--help` too, and never parsed here.</summary>
    public static Command Create() => new(Name, "Trains the networks of a bundle, stage by stage (builds the trainer and downloads libtorch on first use).");

    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = RepositoryRoot() ?? throw InputFault.Precondition("train", "needs a checkout of the repository: run ./rewas train there");
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", "--project", Path.Combine(root, "training", "Trainer"), "--", .. arguments]);
        using var trainer = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        Console.CancelKeyPress += (_, key) => key.Cancel = true;              // it reaches the trainer too, which writes a checkpoint before it ends
        await trainer.WaitForExitAsync();
        return trainer.ExitCode;
    }

    static string? RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rewas.Platform.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }
}
