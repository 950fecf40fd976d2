using System.CommandLine;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas bench</c>: hands its arguments to bench/Rewas.Bench.</summary>
static class BenchCommand
{
    public const string Name = "bench";

    /// <summary>For the list of commands; what follows its name is the program's, `--help` too, and never parsed here.</summary>
    public static Command Create() => new(Name, "Measures the diffusion engine: calls, quality against steps, throughput (builds it and downloads libtorch on first use).");

    public static Task<int> RunAsync(string[] arguments) => CheckoutProgram.RunAsync(Name, Path.Combine("bench", "Rewas.Bench"), arguments);
}
