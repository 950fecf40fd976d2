using System.CommandLine;
using Rewas.Bundles;
using Rewas.Networks.Onnx;
using Rewas.PromptCheck;

namespace Rewas.Cli.Arguments;

/// <summary>The bundle with a CLIP network. CLIP captions videos that the embedded captioner does not know.</summary>
static class ClipOption
{
    public static readonly Option<string?> Clip = new("--clip")
    {
        Description =
            "bundle with an imported CLIP, for videos that the embedded captioner does not know [default: the "
            + "bundle itself, if it has one, else the one of `rewas models pull clip`]",
        HelpName = "NAME|DIR",
    };

    /// <returns>Null without a CLIP network.</returns>
    public static ClipCaptioner? Open(ParseResult arguments)
    {
        var bundle = arguments.GetValue(Clip) is { } named ? ClipCaptioner.Open(named)
            : ClipCaptioner.Usual(arguments.GetValue(SharedOptions.Gateway) is null
                ? Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle), verify: false) : null);
        return bundle is null ? null : new(bundle, new OnnxOptions(), ClipCalibration.ThresholdsOf(bundle));
    }
}
