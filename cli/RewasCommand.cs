using System.CommandLine;
using Rewas.Cli.Commands;
using Rewas.Cli.Library;
using Rewas.Cli.Output;
using Rewas.Cli.Running;

namespace Rewas.Cli;

/// <summary>The command line. Each subcommand is one file in Commands/.</summary>
static class RewasCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        Terminal.PrintPlainText();
        if (CheckoutCommands.Find(args) is { } elsewhere)
            return await CommandAction.RunAsync(() => elsewhere.RunAsync(args), CancellationToken.None);
        var root = new RootCommand("Adds sound to silent video. The picture decides when and how loud, your words decide what.")
        {
            GenerateCommand.Create(),
            BatchCommand.Create(),
            EnergyCommand.Create(),
            CaptionCommand.Create(),
            CheckCommand.Create(),
            ChatCommand.Create(),
            EditCommand.Create(),
            RenderCommand.Create(),
            SoundsCommand.Create(),
            StudioCommand.Create(),
            ServeCommand.Create(),
            McpCommand.Create(),
            KeysCommand.Create(),
            ModelsCommand.Create(),
            OptionsCommand.Create(),
            DoctorCommand.Create(),
        };
        foreach (var command in CheckoutCommands.Below())
            root.Add(command);
        return await CommandRun.RunAsync(root, args);
    }
}
