using System.CommandLine;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;

namespace Rewas.Cli.Library;

/// <summary><c>rewas sounds forget</c>: removes recordings from the index.</summary>
static class ForgetCommand
{
    static readonly Argument<string[]> Paths = new("paths")
    {
        Description = "files, or folders with everything below them; they need not exist",
        HelpName = "PATH",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<bool> Missing =
        new("--missing") { Description = "all recordings that the last run over their folder did not find" };

    public static Command Create()
    {
        var command = new Command("forget", """
            Removes recordings from the index. Their files stay.

            Examples:
              rewas sounds forget /mnt/effects
              rewas sounds forget --missing
            """)
        {
            Paths, Missing,
        };
        command.SetAction(CommandAction.Of((arguments, _) =>
        {
            var (paths, missing) = (arguments.GetValue(Paths) ?? [], arguments.GetValue(Missing));
            if (paths.Length > 0 == missing)
                throw InputFault.Invalid("paths", "must be given, or --missing instead");
            using var library = OwnLibrary.Open();
            Console.WriteLine(FormattableString.Invariant(
                $"{(missing ? library.ForgetMissing() : library.Forget(paths))} recordings removed from the index"));
            return Task.FromResult(0);
        }));
        return command;
    }
}
