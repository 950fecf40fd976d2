using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Scenes;
using Rewas.Video;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas scene</c>: renders one of the procedural scenes that the embedded bundle is trained on.</summary>
static class SceneCommand
{
    static readonly Argument<string> Kind = new("kind") { Description = string.Join(", ", SceneCatalog.Kinds) };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "the video", HelpName = "FILE.mp4" };
    static readonly Option<string?> Seed = NumberOption.Create("--seed", "N", "decides everything about the scene [default: 0]");
    static readonly Option<string?> Seconds = NumberOption.Create("--seconds", "S", "length, 0.2 to 600 [default: 5.12]");
    static readonly Option<string?> Width = NumberOption.Create("--width", "PIXELS", "even, 16 to 3840 [default: 640]");
    static readonly Option<string?> Height = NumberOption.Create("--height", "PIXELS", "even, 16 to 2160 [default: 360]");
    static readonly Option<string?> FrameRate = NumberOption.Create("--frame-rate", "FPS", "1 to 120 [default: 25]");
    static readonly Option<bool> Sound = new("--sound") { Description = "with the scene's own, true sound" };

    public static Command Create()
    {
        var command = new Command("scene", """
            Renders a procedural scene: a silent test video, or one with its true sound.

            Example:
              rewas scene hammer --seed 3 --seconds 6 -o hammer.mp4
            """)
        {
            Kind, Output, Seed, Seconds, Width, Height, FrameRate, Sound,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var kind = arguments.GetRequiredValue(Kind);
            if (!SceneCatalog.Kinds.Contains(kind))
                throw InputFault.Invalid("kind", $"must be one of {string.Join(", ", SceneCatalog.Kinds)}, but is '{kind}'");
            var output = arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o FILE.mp4");
            OutputName.ThrowUnless(output, "output", ".mp4");
            new FileRoles().Writes(output, "output");
            var seconds = arguments.Number(Seconds) ?? SceneCatalog.SecondsPerClip;
            InputFault.ThrowUnlessInRange("seconds", seconds, 0.2, 600);
            var frameRate = arguments.Number(FrameRate) ?? ClipTiming.FrameRate;
            InputFault.ThrowUnlessInRange("frame-rate", frameRate, 1, 120);
            await SceneFiles.WriteAsync(
                kind,
                (ulong)(arguments.WholeNumber(Seed, 0, long.MaxValue) ?? 0),
                output,
                EvenNumber(arguments, Width, 3840) ?? 640,
                EvenNumber(arguments, Height, 2160) ?? 360,
                seconds,
                withSound: arguments.GetValue(Sound),
                frameRate,
                cancellationToken: cancel);
            Console.WriteLine(output);
            return 0;
        }));
        return command;
    }

    /// <summary>Pixels come in pairs: the encoder halves the resolution of colours.</summary>
    static int? EvenNumber(ParseResult arguments, Option<string?> option, long maximum) => arguments.WholeNumber(option, 16, maximum) switch
    {
        null => null,
        { } pixels when pixels % 2 == 0 => (int)pixels,
        { } pixels => throw InputFault.Invalid(option.Name.TrimStart('-'), $"must be even, but is {pixels}"),
    };
}
