using System.CommandLine;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas train</c>: hands its arguments to the trainer, which writes a checkpoint when it is interrupted.</summary>
static class TrainCommand
{
    public const string Name = "train";

    /// <summary>For the list of commands; what follows its name is the trainer's, `--help` too, and never parsed here.</summary>
    public static Command Create() => new(Name, "Trains the networks of a bundle, stage by stage (builds the trainer and downloads libtorch on first use).");

    public static Task<int> RunAsync(string[] arguments) => CheckoutProgram.RunAsync(Name, Path.Combine("training", "Trainer"), arguments);
}
