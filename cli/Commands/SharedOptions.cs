using System.CommandLine;
using Rewas.Hosting;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary>Options that several commands have.</summary>
static class SharedOptions
{
    public static readonly Option<string> Bundle = new("--bundle", "-b")
    {
        Description = "model bundle: a name or a folder",
        HelpName = "NAME|DIR",
        DefaultValueFactory = _ => BundleSetup.DefaultBundle,
    };

    public static readonly Option<string?> Gateway = new("--gateway", "-g")
    {
        Description = "address of a running gateway or `rewas serve`; without it the work is done in this process",
        HelpName = "URL",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "print the result as JSON, without progress" };

    /// <summary>Behind a gateway the services' limits count, not this program's.</summary>
    public static readonly VideoLimits NoLimits = new() { MaxDuration = TimeSpan.MaxValue, MaxPixels = long.MaxValue, MaxFileBytes = long.MaxValue };
}
