using System.CommandLine;
using Rewas.Cli.Output;
using Rewas.Client;
using Rewas.Curves;
using Rewas.Faults;
using Rewas.Protocol;
using Rewas.Studio;
using Rewas.Video;
using Rewas.VideoEncoder;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas generate</c>: the main job.</summary>
static class GenerateCommand
{
    static readonly Argument<string> Video = new("video") { Description = "the silent video (an existing soundtrack is replaced), or an animation: GIF, APNG or WebP" };
    static readonly Option<string?> Prompt = new("--prompt", "-p") { Description = "what to hear, in plain words", HelpName = "TEXT" };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "the video with sound: .mp4, .m4v, .mov, .mkv or .webm; or .wav or .flac for the sound alone", HelpName = "FILE" };
    static readonly Option<string?> Seed = NumberOption.Create("--seed", "N", "0 to 4294967295; the same seed gives the same sound [default: 0]");
    static readonly Option<string?> Steps = NumberOption.Create("--steps", "N", "sampling steps, 1 to 1000: more is slower and finer [default: the bundle's]");
    static readonly Option<string?> Guidance = NumberOption.Create("--guidance", "G", "how closely to follow the prompt, 1 to 30 [default: the bundle's]");
    static readonly Option<string?> Curve = new("--curve") { Description = "render this energy instead of the picture's, as `rewas energy` writes it", HelpName = "FILE.csv|FILE.json" };
    static readonly Option<string?> EnergyFrom = new("--energy-from") { Description = "render the energy of this recording instead of the picture's", HelpName = "SOUND" };
    static readonly Option<bool> Wav = new("--wav") { Description = "write the sound as FILE.wav too (float32, before encoding)" };

    static readonly Option<string?> Trace = new("--trace") { Description = "draw where the time went: every stage, network and ffmpeg, with the shapes of tensors", HelpName = "FILE.svg" };

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
              rewas generate bounce.gif --prompt "a rubber ball" -o out.mp4
              rewas generate lecture.mkv --prompt "chalk on a board" -o out.mkv --max-duration 50m --unfinished
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --gateway http://127.0.0.1:5100 --json
            """)
        {
            Video, Prompt, Output, Seed, Steps, Guidance, Curve, EnergyFrom, SharedOptions.Bundle, SharedOptions.Precision, SharedOptions.Gateway, Wav, Trace, SharedOptions.Json,
        };
        foreach (var option in VideoInput.Options.Concat(SamplingOptions.All).Concat(FinishArguments.All).Concat(CurveOptions.Edits))
            command.Add(option);
        command.SetAction(RewasCommand.Action(TracedAsync));
        return command;
    }

    /// <summary>What is drawn is what happens in this process: everything but for a gateway's stages.</summary>
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
        var prompt = arguments.GetValue(Prompt) ?? throw InputFault.Invalid("prompt", "must be given: --prompt TEXT");
        var gateway = arguments.GetValue(SharedOptions.Gateway);
        var seed = arguments.WholeNumber(Seed, 0, GenerateLimits.MaximumSeed) ?? 0;
        var steps = (int?)arguments.WholeNumber(Steps, 1, GenerateLimits.MaximumSteps);
        var guidance = arguments.Number(Guidance);
        var sampling = SamplingOptions.Read(arguments);
        InputFault.ThrowIfAny([.. GenerateLimits.Faults(prompt, seed, steps, guidance, eta: null), .. sampling.Faults()]);
        var finish = FinishArguments.Finish(arguments, output);
        if (!SoundExport.IsName(output))
            OutputContainer.ThrowUnlessName(output);
        var candidates = FinishArguments.CandidateCount(arguments);
        var files = new FileRoles().Reads(videoPath, "video").Reads(arguments.GetValue(Curve), "curve").Reads(arguments.GetValue(EnergyFrom), "energy-from");
        files.Writes(arguments.GetValue(Trace), "trace");
        var environment = FinishArguments.Layer(arguments, seed);
        PromptWarning.Tell(("prompt", prompt), ("environment", environment?.Prompt));
        using var video = await VideoInput.OpenAsync(videoPath, arguments, cancel);
        var facts = video.Facts;
        var (energySource, energy) = await EnergyAsync(arguments, facts, cancel);
        return await SoundJobRun.RunAsync(
            new()
            {
                Video = video.Path,
                MadeOf = video.MadeOf,
                LengthSettings = LengthLimit.Read(arguments).Settings,
                Facts = facts,
                Output = output,
                Prompt = prompt,
                Seed = seed,
                Steps = steps,
                GuidanceScale = guidance,
                Sampling = sampling,
                EnergySource = energySource,
                Energy = energy,
                Edits = await CurveOptions.EditsAsync(arguments, facts.EnergyValues(), files, cancel),
                Finish = finish,
                Environment = environment,
                Candidates = candidates,
                Stems = FinishArguments.WithStems(arguments),
                Wav = arguments.GetValue(Wav),
                Bundle = arguments.GetRequiredValue(SharedOptions.Bundle),
                Gateway = gateway,
                Precision = SharedOptions.ReadPrecision(arguments),
                Json = arguments.GetValue(SharedOptions.Json),
            },
            files,
            cancel);
    }

    /// <summary>Where the energy comes from and, unless that is the picture, what it is.</summary>
    static async Task<(string Source, KnownEnergy? Energy)> EnergyAsync(ParseResult arguments, VideoFacts facts, CancellationToken cancel)
    {
        var (curve, recording) = (arguments.GetValue(Curve), arguments.GetValue(EnergyFrom));
        if (curve is not null && recording is not null)
            throw InputFault.Invalid("curve", "must not be given together with --energy-from: `rewas edit CURVE --blend PART,SOUND` blends them");
        if (curve is not null)
            return (curve, new(CurveFile.Read(curve), facts.ToVideoInfo()) { CutsOfPicture = true });
        if (recording is not null)
            return (recording, new((await CurveOptions.OpenAsync(recording, arguments, facts.EnergyValues(), cancel)).WithLength(facts.EnergyValues()), facts.ToVideoInfo()) { CutsOfPicture = true });
        return (Sidecar.PictureAsSource, null);
    }
}
