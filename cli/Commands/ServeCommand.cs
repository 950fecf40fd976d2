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
    const string UsualListen = "http://127.0.0.1:5100", UsualWeb = "http://127.0.0.1:5180", NoWeb = "off";

    static readonly Option<string> Listen = new("--listen", "-l")
    {
        Description = "http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT or unix:/PATH",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => UsualListen,
    };

    static readonly Option<string?> Web = new("--web")
    {
        Description = "address of the web API (HTTP and JSON): http://HOST:PORT, https://HOST:PORT or unix:/PATH; off: none. "
            + $"Default: {UsualWeb}, or none if --listen is given",
        HelpName = "ADDRESS",
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
            Serves the web API too; its page is at /docs of its address.
            Rendered windows are cached, so that an edit renders only what it changes. REWAS_CACHE names the folder (off: no cache).

            Examples:
              rewas serve
              rewas serve --web https://0.0.0.0:5180 -- --Callers:KeysFile=keys.json --Kestrel:Certificates:Default:Path=server.pem
              rewas serve --listen unix:/run/rewas.sock --bundle rewas-mini
            """)
        {
            Listen, Web, SharedOptions.Bundle, SharedOptions.Precision, Settings,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
            string[] settings = arguments.GetValue(Settings) ?? [];
            var listen = arguments.GetRequiredValue(Listen);
            var web = arguments.GetValue(Web) ?? (listen == UsualListen ? UsualWeb : NoWeb);
            await using var app = AllInOne.Build(
                listen,
                bundle,
                quiet: false,
                [
                    .. web == NoWeb ? (string[])[] : [$"--Web:Listen={web}"],
                    .. UserCache.Settings,
                    .. AllInOne.WithPrecision(SharedOptions.ReadPrecision(arguments)),
                    .. settings,
                ]);
            return await app.RunServiceAsync(cancel, settings);
        }));
        return command;
    }
}
