using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Making;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas generate</c>: adds sound to a video.</summary>
static class GenerateCommand
{
    static readonly Argument<string> Video = new("video")
    {
        Description = "the silent video (an existing soundtrack is replaced), or an animation: GIF, APNG or WebP",
    };
    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "the video with sound: .mp4, .m4v, .mov, .mkv or .webm; or .wav or .flac for the sound alone",
        HelpName = "FILE",
    };
    static readonly Option<string?> Curve = new("--curve")
    {
        Description = "render this energy instead of the picture's, as `rewas energy` writes it",
        HelpName = "FILE.csv|FILE.json",
    };
    static readonly Option<string?> EnergyFrom = new("--energy-from")
    {
        Description = "render the energy of this recording instead of the picture's",
        HelpName = "SOUND",
    };
    static readonly Option<bool> Stems = new("--stems")
    {
        Description = "write each layer as a WAV file too: OUT.primary.wav, OUT.environment.wav",
    };
    static readonly Option<bool> Wav = new("--wav") { Description = "write the sound as FILE.wav too (float32, before encoding)" };

    static readonly Option<string?> Trace = new("--trace")
    {
        Description = "draw the time of every stage, network and ffmpeg, with the shapes of tensors",
        HelpName = "FILE.svg",
    };

    public static Command Create()
    {
        var command = new Command("generate", """
            Adds sound to a video.

            Examples:
              rewas generate bounce.mp4 --prompt "a ball bouncing on a wooden floor" -o out.mp4
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --seed 7 --steps 50 --wav
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --curve edited.csv
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --shift +80ms --mute 2s..3s
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mov --loudness -16 --stereo --original duck
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --environment "light wind" --stems
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --candidates 4
              rewas generate bounce.mp4 --prompt "a rubber ball" --reference my/ball-*.wav -o out.wav
              rewas generate bounce.gif --prompt "a rubber ball" -o out.mp4
              rewas generate lecture.mkv --prompt "chalk on a board" -o out.mkv --max-duration 50m --unfinished
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --gateway http://127.0.0.1:5100 --json
            """)
        {
            Video, Output,
        };
        Option[] own =
        [
            Curve, EnergyFrom, SharedOptions.Bundle, SharedOptions.Precision, SharedOptions.Gateway, Wav, Stems, Trace, SharedOptions.Json,
        ];
        foreach (var option in OrderOptions.All.Concat(own).Concat(VideoInput.Options).Concat(CurveOptions.Edits))
            command.Add(option);
        command.SetAction(CommandAction.Of(TracedAsync));
        return command;
    }

    /// <summary>Draws the spans of this process. The stages of a gateway are not in the drawing.</summary>
    static async Task<int> TracedAsync(ParseResult arguments, CancellationToken cancel)
    {
        if (arguments.GetValue(Trace) is not { } path)
            return await RunAsync(arguments, cancel);
        OutputName.ThrowUnless(path, "trace", ".svg");
        using var file = PartialFile.Create(path, "trace");
        using var trace = new TraceRecording();
        var exitCode = await RunAsync(arguments, cancel);
        await File.WriteAllTextAsync(file.Path, trace.ToSvg(), cancel);
        file.Complete();
        return exitCode;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var videoPath = arguments.GetRequiredValue(Video);
        var output = arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o FILE");
        var stems = arguments.GetValue(Stems);
        var order = OrderOptions.Read(arguments, output, finished: stems);
        if (!SoundExport.IsName(output))
            OutputContainer.ThrowUnlessName(output);
        else if (arguments.GetValue(Wav))
            throw InputFault.Invalid("wav", $"is for a video, but '{output}' is sound already");
        var roles = new FileRoles()
            .Reads(videoPath, "video")
            .Reads(arguments.GetValue(Curve), "curve")
            .Reads(arguments.GetValue(EnergyFrom), "energy-from");
        foreach (var recording in order.References?.Recordings ?? [])
        {
            recording.Path = Path.GetFullPath(recording.Path);
            roles.Reads(recording.Path, OrderTable.Reference.Name);
        }
        roles.Writes(arguments.GetValue(Trace), "trace");
        PromptWarning.Tell((OrderTable.Prompt.Name, order.Options.Prompt), (OrderTable.Environment.Name, order.Environment?.Prompt));
        using var video = await VideoInput.OpenAsync(videoPath, arguments, cancel);
        var (source, curve) = await EnergyAsync(arguments, video.Facts, cancel);
        order.Curve = curve?.ToMessage();
        order.Edits.AddRange(
            (await CurveOptions.EditsAsync(arguments, video.Facts.EnergyValues(), roles, cancel)).Select(edit => edit.ToMessage()));
        var job = new SoundJob(
            order,
            video.Clip with { EnergySource = source },
            new(output) { Stems = stems, OtherCandidates = true, Wav = arguments.GetValue(Wav) })
        {
            LengthSettings = LengthLimit.Read(arguments).Settings,
            Bundle = arguments.GetRequiredValue(SharedOptions.Bundle),
            Gateway = arguments.GetValue(SharedOptions.Gateway),
            Precision = SharedOptions.ReadPrecision(arguments),
            Json = arguments.GetValue(SharedOptions.Json),
        };
        return await SoundJobRun.RunAsync(job, roles, cancel);
    }

    /// <summary>The source of the energy and, unless it is the picture, the curve.</summary>
    static async Task<(string? Source, EnergyCurve? Curve)> EnergyAsync(ParseResult arguments, VideoFacts facts, CancellationToken cancel)
    {
        var (curve, recording) = (arguments.GetValue(Curve), arguments.GetValue(EnergyFrom));
        if (curve is not null && recording is not null)
            throw InputFault.Invalid(
                "curve", "must not be given together with --energy-from: `rewas edit CURVE --blend PART,SOUND` blends them");
        if (curve is not null)
            return (curve, CurveFile.Read(curve));
        if (recording is not null)
            return (
                recording,
                (await CurveOptions.OpenAsync(recording, arguments, facts.EnergyValues(), cancel)).WithLength(facts.EnergyValues()));
        return (null, null);
    }
}
