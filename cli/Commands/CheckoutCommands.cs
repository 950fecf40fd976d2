using System.CommandLine;

namespace Rewas.Cli.Commands;

/// <summary>
/// Commands that are separate programs: training and evaluation. They need libtorch, the scenes and the metrics, which the installed tool
/// does not carry.
/// </summary>
static class CheckoutCommands
{
    static readonly string Evaluation = Path.Combine("evaluation", "Rewas.Evaluation");

    static readonly CheckoutCommand[] All =
    [
        new(
            ["evaluate"],
            "Measures a bundle on data outside its training set (builds the program on first use).",
            Evaluation,
            "rewas-evaluate"),
        new(
            ["scene"],
            "Renders a procedural scene, with its true sound if requested (builds the program on first use).",
            Evaluation,
            "rewas-evaluate",
            "scene"),
        new(
            ["models", "fit-conflict"],
            "Fits the statistics of the conflict check (builds the program on first use).",
            Evaluation,
            "rewas-evaluate",
            "fit-conflict"),
        new(
            ["train"],
            "Trains the networks of a bundle, stage by stage (builds the trainer and downloads libtorch on first use).",
            Path.Combine("training", "Trainer"),
            "rewas-train"),
        new(
            ["bench"],
            "Measures the diffusion engine: calls, quality against steps, throughput (builds it and downloads libtorch on first use).",
            Path.Combine("bench", "Rewas.Bench"),
            "rewas-bench"),
    ];

    /// <summary>The commands below a command; without words, those directly below `rewas`.</summary>
    public static IEnumerable<Command> Below(params string[] words) =>
        All.Where(command => command.Words.SkipLast(1).SequenceEqual(words)).Select(command => command.Listed());

    /// <summary>The separate program that a command line names; null if the command is part of this program.</summary>
    public static CheckoutCommand? Find(string[] args) =>
        Array.Find(All, command => args.Take(command.Words.Length).SequenceEqual(command.Words));
}
