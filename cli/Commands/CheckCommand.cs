using System.CommandLine;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Checking;
using Rewas.Cli.Making;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip.Faults;
using Rewas.PromptCheck;
using Rewas.Protocol.Orders;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas check</c>: does the prompt contradict the picture?</summary>
static class CheckCommand
{
    static readonly Argument<string> Video = new("video") { Description = "the video" };
    static readonly Option<string?> Prompt = new("--prompt", "-p") { Description = "what to hear, in plain words", HelpName = "TEXT" };

    static readonly Option<string?> Objects = new("--objects")
    {
        Description = "what a detector of yours has seen in the video: a list of label, and score, from and to if known",
        HelpName = "FILE.json|FILE.csv",
    };

    public static Command Create()
    {
        var command = new Command("check", """
            Checks a prompt against a video before any sound is made. The verdict is consistent, uncertain or conflict.
            Findings quote the words of the prompt and name what in the video contradicts them.

            Example:
              rewas check samples/hammer.mp4 --prompt "heavy rain on a roof"
            """)
        {
            Video, Prompt, SharedOptions.Bundle, SharedOptions.Gateway, ClipOption.Clip, Objects, SharedOptions.Json,
        };
        foreach (var option in VideoInput.Options)
            command.Add(option);
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var json = arguments.GetValue(SharedOptions.Json);
            var prompt = arguments.GetValue(Prompt) ?? throw InputFault.Invalid("prompt", "must be given: --prompt TEXT");
            OrderCheck.ThrowIfWrong(prompt);
            PromptWarning.Tell(("prompt", prompt));
            var objects = arguments.GetValue(Objects) is { } file ? SeenObjects.Read(file) : null;
            var report = await ProgressBars.ShowAsync(quiet: json, async progress =>
            {
                using var video = await VideoInput.OpenAsync(arguments.GetRequiredValue(Video), arguments, cancel);
                using var clip = ClipOption.Open(arguments);
                await using var stages = await Stages.ConnectAsync(
                    arguments.GetValue(SharedOptions.Gateway),
                    arguments.GetRequiredValue(SharedOptions.Bundle),
                    cancel,
                    settings: LengthLimit.Read(arguments).Settings);
                return new ConflictCheck(ConflictStatistics.Embedded)
                    .Check((await VideoLook.AtAsync(stages, video.Clip, progress, cancel, clip)) with { Objects = objects }, prompt);
            });
            Console.WriteLine(json ? JsonSerializer.Serialize(report, ConflictOutput.Json) : ConflictOutput.Text(report));
            return 0;
        }));
        return command;
    }
}
