using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Making;
using Rewas.Cli.Running;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering;
using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas render</c>: makes a file again from its sidecar. The energy comes from the sidecar, not from the video.</summary>
static class RenderCommand
{
    static readonly Argument<string> From = new("sidecar") { Description = "OUT.json, as `rewas generate` wrote it" };
    static readonly Option<string?> Video = new("--video")
    {
        Description = "the video, if it was moved [default: as in the sidecar]",
        HelpName = "FILE",
    };
    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "the file to write, or a timeline with its stems [default: as in the sidecar]",
        HelpName = "FILE",
    };

    static readonly Option<string[]> Reference = new("--reference")
    {
        Description = "the recordings, if they were moved [default: as in the sidecar]",
        HelpName = "FILE...",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command = new Command("render", """
            Makes a file again from its sidecar. The same bundle, texts, seeds, sampler, energy and finish give the same samples. The
            result says if they are the same.

            Example:
              rewas render out.mp4.json -o again.mp4
              rewas render out.wav.json -o again.wav --timeline again.otio
            """)
        {
            From, Video, Output, Reference, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        foreach (var option in StemOptions.All.Concat(VideoInput.Options))
            command.Add(option);
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var sidecar = await Sidecar.ReadAsync(arguments.GetRequiredValue(From), cancel);
            var named = sidecar.Video.Blank == true
                ? null
                : await FindVideoAsync(arguments.GetValue(Video), arguments.GetRequiredValue(From), sidecar.Video, cancel);
            var gateway = arguments.GetValue(SharedOptions.Gateway);
            using var video = named is not null
                ? await VideoInput.OpenAsync(named, arguments, cancel)
                : await WithoutPictureAsync(sidecar, arguments, cancel);
            var files = StemOptions.AddTo(
                FilesOf(arguments.GetValue(Output) ?? sidecar.Output) with { OtherCandidates = true, Layer = sidecar.Layer ?? "" },
                arguments);
            var order = sidecar.ToOrder();
            if (files.Stems)
                order.Finish ??= new();
            if (sidecar.References is { } references)
                await MovedRecordings.FindAsync(
                    order.References, references, arguments.GetRequiredValue(From), arguments.GetValue(Reference) ?? [], cancel);
            var job = new SoundJob(
                order, video.Clip with { Known = sidecar.KnownFor(video.Facts), EnergySource = sidecar.EnergySource }, files)
            {
                Before = sidecar,
                LengthSettings = LengthLimit.Read(arguments).Settings,
                Bundle = arguments.GetResult(SharedOptions.Bundle) is { Implicit: false }
                    ? arguments.GetRequiredValue(SharedOptions.Bundle)
                    : sidecar.Bundle,
                Gateway = gateway,
                Precision = gateway is null ? sidecar.Precision : null,
                Json = arguments.GetValue(SharedOptions.Json),
            };
            return await SoundJobRun.RunAsync(job, new FileRoles().Reads(named, "video"), cancel);
        }));
        return command;
    }

    /// <summary>The files of an output. A timeline has its sound and its stems beside it.</summary>
    static SoundFiles FilesOf(string output) => TimelineFormats.IsName(output)
        ? new SoundFiles(Path.ChangeExtension(output, ".wav")) { Stems = true, Timeline = output }
        : new SoundFiles(output);

    /// <summary>Makes the black video of a sidecar again. Its bytes may differ from the first one's, which changes no sample.</summary>
    static Task<VideoInput> WithoutPictureAsync(Sidecar sidecar, ParseResult arguments, CancellationToken cancel)
    {
        if (arguments.GetValue(Video) is not null)
            throw InputFault.Invalid("video", "must be absent, because the sound was made without a picture");
        InputFault.ThrowUnlessInRange(
            DurationOption.Field, sidecar.Video.DurationSeconds, WithoutPicture.Shortest, LengthLimit.Read(arguments).Longest.TotalSeconds);
        return VideoInput.WithoutPictureAsync(sidecar.Video.DurationSeconds, arguments, cancel);
    }

    /// <summary>
    /// Finds the video of the sidecar. Its path may be relative to another folder. It is tried from the current folder, from the sidecar's
    /// folder, and as a name beside the sidecar. The hash decides between several files.
    /// </summary>
    static async Task<string> FindVideoAsync(string? given, string sidecar, SourceVideo video, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(sidecar))!;
        string[] places = given is not null
            ? [given]
            : [video.File, Path.Combine(folder, video.File), Path.Combine(folder, Path.GetFileName(video.File))];
        string[] found = [.. places.Where(File.Exists).DistinctBy(Path.GetFullPath)];
        var hashes = new List<string>();
        foreach (var place in found)
        {
            InputFile.Find(place, "video");
            hashes.Add(await FileHash.OfAsync(place, cancel));
            if (hashes[^1] == video.Sha256)
                return place;
        }
        InputFile.Find(found.FirstOrDefault(places[0]), "video");
        throw InputFault.Invalid(
            "video", $"must be the file that the sidecar was made with ({video.Sha256}), but '{found[0]}' has {hashes[0]}");
    }
}
