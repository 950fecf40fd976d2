using System.CommandLine;
using Rewas.Faults;
using Rewas.Protocol;
using Rewas.Studio;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas render</c>: makes a file again from its sidecar, without decoding the video for its energy.</summary>
static class RenderCommand
{
    static readonly Argument<string> From = new("sidecar") { Description = "OUT.json, as `rewas generate` wrote it" };
    static readonly Option<string?> Video = new("--video") { Description = "where the video lies now [default: as the sidecar says]", HelpName = "FILE" };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "what to write [default: as the sidecar says]", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("render", """
            Makes a file again as its sidecar says: the same bundle, texts, seeds, sampler, energy and finish give the same samples, and whether they are is told.

            Example:
              rewas render out.mp4.json -o again.mp4
            """)
        {
            From, Video, Output, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(RewasCommand.Action(async (arguments, cancel) =>
        {
            var sidecar = await Sidecar.ReadAsync(arguments.GetRequiredValue(From), cancel);
            var video = arguments.GetValue(Video) ?? sidecar.Video.File;
            var gateway = arguments.GetValue(SharedOptions.Gateway);
            var facts = await VideoProbe.ReadAsync(video, gateway is null ? new VideoLimits() : SharedOptions.NoLimits, cancel);
            if (await FileHash.OfAsync(video, cancel) is var sha256 && sha256 != sidecar.Video.Sha256)
                throw InputFault.Invalid("video", $"must be the file that the sidecar was made with ({sidecar.Video.Sha256}), but '{video}' has {sha256}");
            return await SoundJobRun.RunAsync(SoundJob.Again(sidecar, video, facts) with
            {
                Output = arguments.GetValue(Output) ?? sidecar.Output,
                Bundle = arguments.GetResult(SharedOptions.Bundle) is { Implicit: false } ? arguments.GetRequiredValue(SharedOptions.Bundle) : sidecar.Bundle,
                Gateway = gateway,
                Precision = gateway is null ? sidecar.Sampler.Precision : null,
                Json = arguments.GetValue(SharedOptions.Json),
            }, cancel);
        }));
        return command;
    }
}
