using System.CommandLine;
using Rewas.Bundles.Import;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;

namespace Rewas.Cli.Commands;

/// <summary>
/// <c>rewas models fetch</c>: downloads a published bundle and checks its hash. Cluster replicas run it before they start.
/// </summary>
static class FetchCommand
{
    static readonly Argument<string> Url = new("url") { Description = "address of the archive: a zip of a bundle's files" };
    static readonly Option<string> Sha256 = new("--sha256") { Description = "SHA-256 of the archive", HelpName = "HASH", Required = true };
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "folder of the bundle; if it already holds this bundle, its files are checked and nothing is downloaded",
        HelpName = "DIR",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("fetch", """
            Downloads an archive of a bundle, checks its hash and every file in it, and unpacks it. Processes may share the folder.

            Example:
              rewas models fetch https://models.example.org/rewas-mini.zip --sha256 HASH -o /models/rewas-mini
            """)
        {
            Url, Sha256, Output, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var address = Uri.TryCreate(arguments.GetRequiredValue(Url), UriKind.Absolute, out var uri)
                ? uri
                : throw InputFault.Invalid("url", $"must be http://... or https://..., but is '{arguments.GetRequiredValue(Url)}'");
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            var bundle = await ActivityBars.ShowAsync(arguments.GetValue(SharedOptions.Json), progress =>
                BundleArchive.FetchAsync(
                    address,
                    arguments.GetRequiredValue(Sha256),
                    arguments.GetRequiredValue(Output),
                    new Downloader(http, progress),
                    cancel));
            Console.WriteLine(arguments.GetValue(SharedOptions.Json)
                ? System.Text.Json.JsonSerializer.Serialize(
                    new { bundle.Manifest.Name, bundle.Directory, bundle.Sha256 }, System.Text.Json.JsonSerializerOptions.Web)
                : $"{bundle.Directory}: {bundle.Manifest.Name}, bundle.json sha256 {bundle.Sha256}");
            return 0;
        }));
        return command;
    }
}
