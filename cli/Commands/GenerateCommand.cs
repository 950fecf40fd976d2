using System.CommandLine;
using Rewas.Cli.Output;
using Rewas.Client;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Protocol;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas generate</c>: the main job.</summary>
static class GenerateCommand
{
    static readonly Argument<string> Video = new("video") { Description = "the silent video (an existing soundtrack is replaced)" };
    static readonly Option<string?> Prompt = new("--prompt", "-p") { Description = "what to hear, in plain words", HelpName = "TEXT" };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "the video with sound: .mp4, .mov, .mkv or .webm; or .wav for the sound alone", HelpName = "FILE" };
    static readonly Option<string?> Seed = NumberOption.Create("--seed", "N", "0 to 4294967295; the same seed gives the same sound [default: 0]");
    static readonly Option<string?> Steps = NumberOption.Create("--steps", "N", "sampling steps, 1 to 1000: more is slower and finer [default: the bundle's]");
    static readonly Option<string?> Guidance = NumberOption.Create("--guidance", "G", "how closely to follow the prompt, 1 to 30 [default: the bundle's]");
    static readonly Option<bool> Wav = new("--wav") { Description = "write the sound as FILE.wav too (float32, 16 kHz, before encoding)" };

    public static Command Create()
    {
        var command = new Command("generate", """
            Adds sound to a video.

            Examples:
              rewas generate bounce.mp4 --prompt "a ball bouncing on a wooden floor" -o out.mp4
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --seed 7 --steps 50 --wav
              rewas generate bounce.mp4 --prompt "a rubber ball" -o out.mp4 --gateway http://127.0.0.1:5100 --json
            """)
        {
            Video, Prompt, Output, Seed, Steps, Guidance, SharedOptions.Bundle, SharedOptions.Gateway, Wav, SharedOptions.Json,
        };
        command.SetAction(RewasCommand.Action(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        // 1. Everything that can be known to be wrong before any work.
        var videoPath = arguments.GetRequiredValue(Video);
        var output = arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o FILE");
        var prompt = arguments.GetValue(Prompt) ?? throw InputFault.Invalid("prompt", "must be given: --prompt TEXT");
        var gateway = arguments.GetValue(SharedOptions.Gateway);
        var json = arguments.GetValue(SharedOptions.Json);
        var soundOnly = Path.GetExtension(output).Equals(".wav", StringComparison.OrdinalIgnoreCase);
        var seed = arguments.WholeNumber(Seed, 0, GenerateLimits.MaximumSeed) ?? 0;
        var steps = (int?)arguments.WholeNumber(Steps, 1, GenerateLimits.MaximumSteps);
        var guidance = arguments.Number(Guidance);
        InputFault.ThrowIfAny(GenerateLimits.Faults(prompt, seed, steps, guidance, eta: null));
        var source = VideoSource.FromFile(videoPath);
        if (!soundOnly)
            Muxer.ThrowUnlessWritable(output, videoPath);
        var facts = await VideoProbe.ReadAsync(videoPath, gateway is null ? new VideoLimits() : SharedOptions.NoLimits, cancel);
        await using var sound = await SoundOutputs.CreateAsync(soundOnly ? output : arguments.GetValue(Wav) ? Path.ChangeExtension(output, ".wav") : null, cancel);
        using var sidecarFile = PartialFile.Create(output + ".json", "output");

        // 2. The stages make the sound; the muxer takes it as it comes.
        var result = await ProgressBars.ShowAsync(quiet: json, async progress =>
        {
            await using var stages = await Stages.ConnectAsync(gateway, arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var muxing = soundOnly ? Task.CompletedTask : Muxer.MuxAsync(videoPath, facts, sound.Samples, ClipTiming.SampleRate, output, stop.Token);
            var generating = stages.Client.GenerateAsync(
                new GenerateRequest
                {
                    Video = source,
                    Prompt = prompt,
                    Seed = seed,
                    Steps = steps,
                    GuidanceScale = guidance,
                    Sink = (samples, token) => sound.WriteAsync(samples, mux: !soundOnly, token),
                },
                progress,
                stop.Token);
            return await TogetherAsync(generating, muxing, sound, stop);
        });

        // 3. What was made, and how.
        var sidecar = new Sidecar
        {
            Output = output,
            Video = new(videoPath, await Sidecar.HashAsync(videoPath, cancel), result.Video.Duration.ToTimeSpan().TotalSeconds, result.Video.FrameRate, result.Video.Width, result.Video.Height, result.Video.Codec),
            Bundle = result.Bundle,
            BundleSha256 = result.BundleSha256,
            WeightsLicence = result.Stages[0].WeightsLicence,
            Prompt = prompt,
            Seed = seed,
            Sampler = new(result.Sampler!.Name, result.Sampler.Steps, result.Sampler.GuidanceScale, result.Sampler.Eta),
            Sound = new(ClipTiming.SampleRate, result.Samples, await sound.CompleteAsync()),
            Energy = EnergyCurve.Of(result.Energy),
            Stages = Sidecar.StageTimes(result),
            ElapsedSeconds = result.Elapsed.TotalSeconds,
            FirstSoundSeconds = result.FirstSoundAfter.TotalSeconds,
            Versions = Sidecar.VersionsOf(result, await Ffmpeg.Locate().VersionAsync(cancel)),
        };
        await File.WriteAllTextAsync(sidecarFile.Path, sidecar.ToJson(), cancel);
        sidecarFile.Complete();
        Console.WriteLine(json ? sidecar.ToJson() : FormattableString.Invariant($"{output}: {(double)result.Samples / ClipTiming.SampleRate:F3} s of sound, made in {result.Elapsed.TotalSeconds:F1} s with {result.Bundle}; how: {output}.json"));
        return 0;
    }

    /// <summary>Both must end well. When one fails the other is stopped, and the failure that came first is the one that is told.</summary>
    static async Task<GenerateResult> TogetherAsync(Task<GenerateResult> generating, Task muxing, SoundOutputs sound, CancellationTokenSource stop)
    {
        var first = await Task.WhenAny(generating, muxing);
        if (first == muxing && muxing.IsFaulted)
            await stop.CancelAsync();
        else
        {
            await ((Task)generating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sound.End(generating.IsCompletedSuccessfully ? null : new OperationCanceledException("no more sound comes"));
            if (!generating.IsCompletedSuccessfully)
                await stop.CancelAsync();
            first = generating;
        }
        await Task.WhenAll(generating, muxing).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
        await muxing;
        return await generating;
    }
}
