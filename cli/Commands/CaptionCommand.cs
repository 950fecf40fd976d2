using System.CommandLine;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Checking;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.PromptCheck;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas caption</c>: describes a video.</summary>
static class CaptionCommand
{
    static readonly Argument<string> Video = new("video") { Description = "the video" };

    public static Command Create()
    {
        var command = new Command("caption", """
            Describes a video with the embedded bundle: what moves and when, and what it is if the bundle knows similar videos.
            If it does not know, it says so.

            Example:
              rewas caption samples/hammer.mp4
            """)
        {
            Video, SharedOptions.Bundle, SharedOptions.Gateway, ClipOption.Clip, SharedOptions.Json,
        };
        foreach (var option in VideoInput.Options)
            command.Add(option);
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var json = arguments.GetValue(SharedOptions.Json);
            var caption = await ProgressBars.ShowAsync(quiet: json, async progress =>
            {
                using var video = await VideoInput.OpenAsync(arguments.GetRequiredValue(Video), arguments, cancel);
                using var clip = ClipOption.Open(arguments);
                await using var stages = await Stages.ConnectAsync(
                    arguments.GetValue(SharedOptions.Gateway),
                    arguments.GetRequiredValue(SharedOptions.Bundle),
                    cancel,
                    settings: LengthLimit.Read(arguments).Settings);
                return new Captioner(ConflictStatistics.Embedded)
                    .Describe(await VideoLook.AtAsync(stages, video.Clip, progress, cancel, clip));
            });
            Console.WriteLine(json ? JsonSerializer.Serialize(caption, ConflictOutput.Json) : caption.Text);
            return 0;
        }));
        return command;
    }
}
