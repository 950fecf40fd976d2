using System.CommandLine;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Hosting;
using Rewas.Video;

namespace Rewas.Cli.Arguments;

/// <summary>Options that several commands share.</summary>
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

    public static readonly Option<string?> Precision = new("--precision")
    {
        Description = $"precision of video encoder and denoiser: {string.Join(" or ", PrecisionNames.All)} [default: the bundle's]",
        HelpName = "TYPE",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "print the result as JSON, without progress" };

    /// <exception cref="InputFault">The precision is unknown, or a gateway is named too.</exception>
    public static string? ReadPrecision(ParseResult arguments)
    {
        var precision = arguments.GetValue(Precision);
        if (precision is not null && !PrecisionNames.All.Contains(precision))
            throw InputFault.Invalid("precision", $"must be one of {string.Join(", ", PrecisionNames.All)}, but is '{precision}'");
        if (precision is not null && arguments.GetValue(Gateway) is not null)
            throw InputFault.Invalid(
                "precision", "must not be given with --gateway: the services set it (VideoEncoder:Precision, AudioDiffusion:Precision)");
        return precision;
    }

    /// <summary>No limits. Behind a gateway the services apply their own.</summary>
    public static readonly VideoLimits NoLimits = new()
    {
        MaxDuration = TimeSpan.MaxValue,
        MaxPixels = long.MaxValue,
        MaxFileBytes = long.MaxValue,
    };
}
