using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip.Faults;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas studio</c>: serves everything as <c>rewas serve</c> does, and opens the studio in the browser.</summary>
static class StudioCommand
{
    const string Page = "studio", WarningsOnly = "--Logging:LogLevel:Default=Warning";

    static readonly Option<bool> NoBrowser = new("--no-browser")
    {
        Description = "only print the address",
    };

    public static Command Create()
    {
        var command = new Command("studio", """
            Opens the studio in the browser: your film with its sound and its energy on one time line.
            Serves everything as `rewas serve` does, until Ctrl-C. Films and sounds stay on this machine.

            Examples:
              rewas studio
              rewas studio --no-browser --web http://127.0.0.1:8080
            """)
        {
            NoBrowser, ServeOptions.Listen, ServeOptions.Web, SharedOptions.Bundle, SharedOptions.Precision, ServeOptions.Settings,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var web = arguments.GetValue(ServeOptions.Web) ?? ServeOptions.UsualWeb;
            var page = PageOf(web);
            var opens = !arguments.GetValue(NoBrowser);
            Console.Out.WriteLine("Starting the studio…");
            // The address must not be lost among lines of a log.
            return await ServeOptions.ServeAsync(arguments, web, cancel, started: () => Tell(page, opens), WarningsOnly);
        }));
        return command;
    }

    static void Tell(Uri page, bool opens)
    {
        Console.Out.WriteLine($"The studio is at {page}");
        if (opens && !Browser.Open(page))
            Console.Out.WriteLine("No browser was found on this machine: open the address yourself.");
        Console.Out.WriteLine("Ctrl-C ends the studio.");
    }

    /// <summary>The address that a browser of this machine opens.</summary>
    /// <exception cref="InputFault">A browser cannot open the address.</exception>
    internal static Uri PageOf(string web)
    {
        var first = web.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(
            address => address.StartsWith("http", StringComparison.Ordinal));
        if (!Uri.TryCreate(first, UriKind.Absolute, out var address))
            throw InputFault.Invalid("--web", $"must be http://HOST:PORT or https://HOST:PORT for the studio, but is '{web}'");
        var everywhere = address.Host is "0.0.0.0" or "[::]";
        return new UriBuilder(address) { Host = everywhere ? "localhost" : address.Host, Path = Page }.Uri;
    }
}
