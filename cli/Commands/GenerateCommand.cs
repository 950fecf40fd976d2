using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Making;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;
using Rewas.Text.Words;
using Rewas.V1;
using Rewas.Video;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas generate</c>: adds sound to a video.</summary>
static class GenerateCommand
{
    static readonly Argument<string?> Video = new("video")
    {
        Description = "the silent video (an existing soundtrack is replaced), or an animation: GIF, APNG or WebP; absent: sound alone",
        Arity = ArgumentArity.ZeroOrOne,
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
    static readonly Option<bool> Wav = new("--wav") { Description = "write the sound as FILE.wav too (float32, before encoding)" };

    static readonly Option<string?> Trace = new("--trace")
    {
        Description = "draw the time of every stage, network and ffmpeg, with the shapes of tensors",
        HelpName = "FILE.svg",
    };

    public static Command Create()
    {
        var command = new Command("generate", """
            Adds sound to a video, or makes sound without a video: from a prompt and a length, or from a prompt and an energy curve.

            Examples:
              rewas generate bounce.mp4 --prompt "a ball bouncing on a wooden floor" -o out.mp4
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --seed 7 --steps 50 --wav
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --curve edited.csv
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --shift +80ms --mute 2s..3s
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mov --loudness -16 --stereo --original duck
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --environment "light wind" --stems
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --candidates 4
              rewas generate bounce.mov --prompt "a rubber ball" -o out.wav --broadcast --sample-format pcm24 --timeline out.otio
              rewas generate bounce.mp4 --prompt "a rubber ball" --reference my/ball-*.wav -o out.wav
              rewas generate bounce.gif --prompt "a rubber ball" -o out.mp4
              rewas generate lecture.mkv --prompt "chalk on a board" -o out.mkv --max-duration 50m --unfinished
              rewas generate --duration 6 --prompt "rain on a roof" -o rain.wav
              rewas generate --curve drawn.csv --prompt "a rubber ball" -o ball.flac
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --gateway http://127.0.0.1:5100 --json
            """)
        {
            Video, Output,
        };
        Option[] own =
        [
            DurationOption.Option, Curve, EnergyFrom, SharedOptions.Bundle, SharedOptions.Precision, SharedOptions.Gateway, Wav, Trace,
            SharedOptions.Json,
        ];
        foreach (var option in OrderOptions.All.Concat(own).Concat(StemOptions.All).Concat(VideoInput.Options).Concat(CurveOptions.Edits))
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

    /// <summary>
    /// :: Step 1: read the order. :: Step 2: declare the files. :: Step 3: open the picture, or none. :: Step 4: make the file.
    /// </summary>
    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        // :: Step 1
        var videoPath = arguments.GetValue(Video);
        var output = arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o FILE");
        var files = StemOptions.AddTo(new(output) { OtherCandidates = true, Wav = arguments.GetValue(Wav) }, arguments);
        var order = OrderOptions.Read(arguments, output, finished: files.Stems);
        if (videoPath is null)
            ThrowUnlessSoundAlone(arguments, output);
        else if (arguments.GetValue(DurationOption.Option) is not null)
            throw InputFault.Invalid(DurationOption.Field, "must be absent with a video, which says how long the sound is");
        if (!SoundExport.IsName(output))
            OutputContainer.ThrowUnlessName(output);
        else if (arguments.GetValue(Wav))
            throw InputFault.Invalid("wav", $"is for a video, but '{output}' is sound already");

        // :: Step 2
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
        OrderWords.ThrowIfWrong(order);
        if (order.Options.Words != WordsNames.Literal)
            PromptWarning.Tell((OrderTable.Prompt.Name, order.Options.Prompt), (OrderTable.Environment.Name, order.Environment?.Prompt));

        // :: Step 3
        using var video = videoPath is null
            ? await WithoutPictureAsync(order, roles, arguments, cancel)
            : await ForVideoAsync(order, videoPath, roles, arguments, cancel);

        // :: Step 4
        var job = new SoundJob(
            order,
            video.Clip with { EnergySource = arguments.GetValue(Curve) ?? arguments.GetValue(EnergyFrom) },
            files)
        {
            LengthSettings = LengthLimit.Read(arguments).Settings,
            Bundle = arguments.GetRequiredValue(SharedOptions.Bundle),
            Gateway = arguments.GetValue(SharedOptions.Gateway),
            Precision = SharedOptions.ReadPrecision(arguments),
            Json = arguments.GetValue(SharedOptions.Json),
        };
        return await SoundJobRun.RunAsync(job, roles, cancel);
    }

    /// <exception cref="InputFault">Neither a video nor a length is given, or the output needs a picture.</exception>
    static void ThrowUnlessSoundAlone(ParseResult arguments, string output)
    {
        if (arguments.GetValue(DurationOption.Option) is null
            && arguments.GetValue(Curve) is null && arguments.GetValue(EnergyFrom) is null)
            throw InputFault.Invalid("video", "must be given; for sound without a picture, give --duration TIME or --curve FILE");
        if (!SoundExport.IsName(output))
            throw InputFault.Invalid(
                "output", $"its name must end in .wav or .flac without a video, but ends in '{Path.GetExtension(output)}'");
    }

    /// <summary>Opens the video, and completes the order with the energy to render.</summary>
    static async Task<VideoInput> ForVideoAsync(
        SoundOrder order, string path, FileRoles roles, ParseResult arguments, CancellationToken cancel)
    {
        var video = await VideoInput.OpenAsync(path, arguments, cancel);
        try
        {
            var values = video.Facts.EnergyValues();
            order.Curve = (await CurveAsync(arguments, values, cancel))?.ToMessage();
            order.Edits.AddRange((await CurveOptions.EditsAsync(arguments, values, roles, cancel)).Select(edit => edit.ToMessage()));
            return video;
        }
        catch
        {
            video.Dispose();
            throw;
        }
    }

    /// <summary>Completes an order that has no video, and makes the video that stands for none.</summary>
    static async Task<VideoInput> WithoutPictureAsync(
        SoundOrder order, FileRoles roles, ParseResult arguments, CancellationToken cancel)
    {
        var duration = DurationOption.Read(arguments);
        var curve = await CurveAsync(arguments, duration is { } asked ? EnergyCurve.IndexAt(asked) : null, cancel);
        order.Curve = curve?.ToMessage();
        var edits = await CurveOptions.EditsAsync(arguments, curve?.Count ?? EnergyCurve.IndexAt(duration!.Value), roles, cancel);
        order.Edits.AddRange(edits.Select(edit => edit.ToMessage()));
        var seconds = WithoutPicture.Complete(order, duration, DurationOption.Field);
        InputFault.ThrowUnlessInRange(
            DurationOption.Field, seconds, WithoutPicture.Shortest, LengthLimit.Read(arguments).Longest.TotalSeconds);
        return await VideoInput.WithoutPictureAsync(seconds, arguments, cancel);
    }

    /// <summary>The curve to render, unless it is the picture's.</summary>
    /// <param name="values">The length that a recording's energy is brought to; null for its own.</param>
    static async Task<EnergyCurve?> CurveAsync(ParseResult arguments, int? values, CancellationToken cancel)
    {
        var (curve, recording) = (arguments.GetValue(Curve), arguments.GetValue(EnergyFrom));
        if (curve is not null && recording is not null)
            throw InputFault.Invalid(
                "curve", "must not be given together with --energy-from: `rewas edit CURVE --blend PART,SOUND` blends them");
        if (curve is not null)
            return CurveFile.Read(curve);
        if (recording is null)
            return null;
        var energy = await CurveOptions.OpenAsync(recording, arguments, values ?? 0, cancel);
        return values is { } count ? energy.WithLength(count) : energy;
    }
}
