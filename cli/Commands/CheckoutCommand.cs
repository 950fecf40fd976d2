using System.CommandLine;
using Rewas.Cli.Running;

namespace Rewas.Cli.Commands;

/// <summary>A command that is a program of its own in the checkout.</summary>
/// <param name="Words">How it is called, after `rewas`.</param>
/// <param name="Description">For the list of commands.</param>
/// <param name="Project">The program's folder, from the repository's root.</param>
/// <param name="Program">The program's file, without its ending.</param>
/// <param name="First">What the program is told before the user's own arguments.</param>
sealed record CheckoutCommand(string[] Words, string Description, string Project, string Program, params string[] First)
{
    /// <summary>For the list of commands. The program parses its arguments itself, `--help` too.</summary>
    public Command Listed() => new(Words[^1], Description);

    /// <param name="args">The whole command line.</param>
    public Task<int> RunAsync(string[] args) =>
        CheckoutProgram.RunAsync(string.Join(' ', Words), Project, Program, [.. First, .. args[Words.Length..]]);
}
