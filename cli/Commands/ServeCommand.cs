using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas serve</c>: runs all stages in one process, for editing tools and other machines.</summary>
static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", """
            Serves all stages over gRPC from one process. Separate processes and a gateway do the same: see docs/.
            Serves the web API too; the studio is at /studio of its address, and its description at /docs.
            Rendered windows are cached, so that an edit renders only what it changes. REWAS_CACHE names the folder (off: no cache).

            Examples:
              rewas serve
              rewas serve --web https://0.0.0.0:5180 -- --Callers:KeysFile=keys.json --Kestrel:Certificates:Default:Path=server.pem
              rewas serve --listen unix:/run/rewas.sock --bundle rewas-mini
            """)
        {
            ServeOptions.Listen, ServeOptions.Web, SharedOptions.Bundle, SharedOptions.Precision, ServeOptions.Settings,
        };
        command.SetAction(CommandAction.Of(
            (arguments, cancel) => ServeOptions.ServeAsync(arguments, ServeOptions.WebOf(arguments), cancel)));
        return command;
    }
}
