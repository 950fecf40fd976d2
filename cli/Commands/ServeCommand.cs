using System.CommandLine;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Hosting;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas serve</c>: runs all stages in one process, for editing tools and other machines.</summary>
static class ServeCommand
{
    static readonly Option<string> Listen = new("--listen", "-l")
    {
        Description = "http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT or unix:/PATH",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "http://127.0.0.1:5100",
    };

    static readonly Argument<string[]> Settings = new("settings")
    {
        Description = "further settings, e.g. -- --VideoEncoder:MaxVideoDuration=00:30:00",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var command = new Command("serve", """
            Serves all stages over gRPC from one process. Separate processes and a gateway do the same: see docs/.
            Rendered windows are cached, so that an edit renders only what it changes. REWAS_CACHE names the folder (off: no cache).

            Examples:
              rewas serve
              rewas serve --listen unix:/run/rewas.sock --bundle rewas-mini
            """)
        {
            Listen, SharedOptions.Bundle, SharedOptions.Precision, Settings,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
            string[] settings = arguments.GetValue(Settings) ?? [];
            await using var app = AllInOne.Build(
                arguments.GetRequiredValue(Listen),
                bundle,
                quiet: false,
                [.. UserCache.Settings, .. AllInOne.WithPrecision(SharedOptions.ReadPrecision(arguments)), .. settings]);
            return await app.RunServiceAsync(cancel, settings);
        }));
        return command;
    }
}
