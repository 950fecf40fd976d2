using System.CommandLine;
using Rewas.Cli.Output;
using Rewas.Cli.Running;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas options</c>: prints the table of options as a page.</summary>
static class OptionsCommand
{
    public static Command Create()
    {
        var command = new Command("options", """
            Prints every option of a sound as a Markdown page: its values, its default and its name on the wire. docs/options.md is
            this page.

            Example:
              rewas options > docs/options.md
            """);
        command.SetAction(CommandAction.Of((_, _) =>
        {
            Console.Write(OptionsPage.Markdown());
            return Task.FromResult(0);
        }));
        return command;
    }
}
