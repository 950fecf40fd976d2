using System.CommandLine;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Gateway.Web.Tools;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas mcp</c>: the tools for language-model assistants, over standard input and output.</summary>
static class McpCommand
{
    static readonly Option<string> Web = new("--web")
    {
        Description = "address of the web API that links to films and sounds lead to",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "http://127.0.0.1:0",
    };

    public static Command Create()
    {
        var command = new Command("mcp", """
            Serves the tools for language-model assistants (Model Context Protocol) over standard input and output, with all stages in this
            process. Films and sounds are links to a web API on this machine. `rewas serve` has the same tools at /mcp of its web API.

            Example, in the settings of an assistant:
              { "mcpServers": { "rewas": { "command": "rewas", "args": ["mcp"] } } }
            """)
        {
            Web, SharedOptions.Bundle,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
            using var socket = new PrivateSocket();
            // Standard output belongs to the protocol.
            await using var app = AllInOne.Build(
                socket.Address.OriginalString, bundle, quiet: false,
                [.. UserCache.Settings, $"--Web:Listen={arguments.GetRequiredValue(Web)}", "--Logging:LogLevel:Default=None"]);
            await app.StartAsync(cancel);
            var web = new Uri(app.Urls.First(url => !url.Contains("unix", StringComparison.Ordinal)));
            await StdioTools.RunAsync(new Uri(app.Configuration["SoundStudio:Stages"]!), web, cancel);
            await app.StopAsync(CancellationToken.None);
            return 0;
        }));
        return command;
    }
}
