using System.CommandLine;
using Rewas.Cli.Running;

namespace Rewas.Cli.Commands;

/// <summary>A command that is a separate program in the checkout.</summary>
/// <param name="Words">Its words on the command line, after `rewas`.</param>
/// <param name="Description">Its text in the list of commands.</param>
/// <param name="Project">Folder of the program, relative to the repository's root.</param>
/// <param name="Program">File name of the program, without extension.</param>
/// <param name="First">Arguments that come before the user's own.</param>
sealed record CheckoutCommand(string[] Words, string Description, string Project, string Program, params string[] First)
{
    /// <summary>The entry in the list of commands. The program parses its arguments itself, including `--help`.</summary>
    public Command Listed() => new(Words[^1], Description);

    /// <param name="args">The whole command line.</param>
    public Task<int> RunAsync(string[] args) =>
        CheckoutProgram.RunAsync(string.Join(' ', Words), Project, Program, [.. First, .. args[Words.Length..]]);
}
