using System.CommandLine;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Hosting;

namespace Rewas.Cli.Serving;

/// <summary>What the commands share that serve everything from one process.</summary>
static class ServeOptions
{
    const string UsualListen = "http://127.0.0.1:5100", NoWeb = "off";

    /// <summary>The address of the web API that is used when nothing else is said.</summary>
    public const string UsualWeb = "http://127.0.0.1:5180";

    public static readonly Option<string> Listen = new("--listen", "-l")
    {
        Description = "http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT or unix:/PATH",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => UsualListen,
    };

    public static readonly Option<string?> Web = new("--web")
    {
        Description = "address of the web API (HTTP and JSON): http://HOST:PORT, https://HOST:PORT or unix:/PATH; off: none. "
            + $"Default: {UsualWeb}, or none if --listen is given",
        HelpName = "ADDRESS",
    };

    public static readonly Argument<string[]> Settings = new("settings")
    {
        Description = "further settings, e.g. -- --VideoEncoder:MaxVideoDuration=00:30:00",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The address of the web API; null for none.</summary>
    public static string? WebOf(ParseResult arguments) =>
        (arguments.GetValue(Web) ?? (arguments.GetRequiredValue(Listen) == UsualListen ? UsualWeb : NoWeb)) is var web && web != NoWeb
            ? web : null;

    /// <summary>Serves until the process is told to stop.</summary>
    /// <param name="web">Address of the web API; null for none.</param>
    /// <param name="started">Is called when the host listens.</param>
    /// <param name="usual">Settings that the user's own ones replace.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ServeAsync(
        ParseResult arguments, string? web, CancellationToken cancel, Action? started = null, params string[] usual)
    {
        var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
        string[] settings = arguments.GetValue(Settings) ?? [];
        await using var app = AllInOne.Build(
            arguments.GetRequiredValue(Listen),
            bundle,
            quiet: false,
            [
                .. usual,
                .. web is null ? (string[])[] : [$"--Web:Listen={web}"],
                .. UserCache.Settings,
                .. AllInOne.WithPrecision(SharedOptions.ReadPrecision(arguments)),
                .. settings,
            ]);
        if (started is not null)
            app.Lifetime.ApplicationStarted.Register(started);
        return await app.RunServiceAsync(cancel, settings);
    }
}
