using System.CommandLine;
using System.Globalization;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Sounds;
using Rewas.Sound;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Evaluation.Commands;

/// <summary>
/// <c>rewas evaluate labels</c>: sounds of labels asked for in people's own words under the curves of recordings, for a judge that names
/// them.
/// </summary>
static class EvaluateLabelsCommand
{
    const string List = "LIST.tsv";
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Prompts that no caption has, for the labels of ESC-10.</summary>
    static readonly (string Label, string[] Prompts)[] Asked =
    [
        (
            "dog",
            [
                "a puppy yelping",
                "my neighbour's hound barks at the postman",
                "woof woof",
                "a terrier that barks again and again",
                "guard dog warning a stranger",
                "canine barking in a yard",
                "an excited dog",
                "a big dog barks twice",
            ]),
        (
            "rain",
            [
                "a downpour on the street",
                "it is pouring outside",
                "drizzle on leaves",
                "rainfall against the window",
                "wet weather, steady rain",
                "a shower of rain",
                "raindrops on a tent",
                "heavy rain at night",
            ]),
        (
            "sea waves",
            [
                "ocean surf",
                "the sea rolling onto a beach",
                "breakers at the shore",
                "waves crash against rocks",
                "the tide coming in",
                "seaside with gentle waves",
                "surf on pebbles",
                "the ocean on a windy day",
            ]),
        (
            "clock tick",
            [
                "an old grandfather clock",
                "tick tock",
                "a wall clock ticking in an empty room",
                "the second hand of a clock",
                "a wristwatch ticks",
                "ticking of an alarm clock",
                "a pendulum clock",
                "seconds pass on a clock",
            ]),
        (
            "crying baby",
            [
                "infant wailing",
                "a newborn cries for milk",
                "a baby that cannot sleep",
                "a little child weeping",
                "toddler bawling",
                "baby sobbing in a cot",
                "a hungry infant cries",
                "a screaming baby",
            ]),
        (
            "sneezing",
            [
                "a man sneezes",
                "achoo, a loud sneeze",
                "someone with hay fever sneezes",
                "a woman sneezing twice",
                "sneeze from a cold",
                "a person sneezing",
                "a sudden sneeze",
                "sneezing into a handkerchief",
            ]),
        (
            "helicopter",
            [
                "a chopper hovering",
                "helicopter rotor blades",
                "a rescue helicopter flies over",
                "rotorcraft passing by",
                "a military chopper",
                "helicopter landing",
                "the beating blades of a helicopter",
                "a helicopter far above",
            ]),
        (
            "chainsaw",
            [
                "two-stroke lumberjack tool",
                "a chain saw cuts a trunk",
                "lumberjack with a motor saw",
                "felling a tree with a chainsaw",
                "a chainsaw revving",
                "power saw in the woods",
                "a petrol chainsaw idles",
                "logging with chainsaws",
            ]),
        (
            "rooster",
            [
                "cock-a-doodle-doo",
                "a cockerel at dawn",
                "the rooster crows in the morning",
                "crowing cock on a farm",
                "a rooster wakes the village",
                "farmyard cock crow",
                "a proud rooster",
                "a cockerel calls",
            ]),
        (
            "crackling fire",
            [
                "a campfire",
                "logs burning in the fireplace",
                "a bonfire crackles",
                "burning wood pops",
                "a cosy hearth",
                "flames crackling in a stove",
                "a fire in the woods",
                "wood fire snapping",
            ]),
    ];

    static readonly Option<string?> Recordings = new("--recordings")
    {
        Description = "folder with an index.csv (file, label, set, fold), whose recordings give the curves",
        HelpName = "DIR",
    };
    static readonly Option<string?> Fold =
        NumberOption.Create("--fold", "N", "of ESC-10, for the curves; it must not be in the memory [default: 3]");
    static readonly Option<bool> OtherLabel = new("--other-label") { Description = "curves of recordings of another label" };
    static readonly Option<string?> PerLabel = NumberOption.Create("--per-label", "N", "prompts of each label, 1 to 8 [default: 8]");
    static readonly Option<string?> Memory = new("--memory") { Description = "on or off [default: the bundle's]", HelpName = "NAME" };
    static readonly Option<string?> StartLevel = NumberOption.Create(
        "--start-level", "T", "noise level from which recordings are gone on from, 0 or 0.1 to 1 [default: the bundle's]");
    static readonly Option<string?> Output = new("--output", "-o") { Description = $"folder of the sounds and {List}", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("labels", $"""
            Is a sound what was asked for? Prompts of ten labels in people's own words, under the curves of recordings of the same label
            or of another. Writes the sounds and {List} (label, file) for a judge that learnt from recordings which neither the bundle
            nor its memory has.

            Example:
              rewas evaluate labels --recordings ../shared/data/sounds --memory off -o /tmp/labels
            """)
        {
            Recordings, Fold, OtherLabel, PerLabel, Memory, StartLevel, Output, SharedOptions.Bundle, SharedOptions.Gateway,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var folder = arguments.GetValue(Recordings) ?? throw InputFault.Invalid("recordings", "must be given: --recordings DIR");
        var output = arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o DIR");
        var count = (int)(arguments.WholeNumber(PerLabel, 1, 8) ?? 8);
        var fold = (arguments.WholeNumber(Fold, 1, 5) ?? 3).ToString(CultureInfo.InvariantCulture);
        var sampling = new V1.GenerateOptions { Memory = arguments.GetValue(Memory) ?? "" };
        if (arguments.Number(StartLevel) is { } level)
            sampling.StartLevel = level;
        var curves = CurveFiles(folder, fold);
        await using var stages =
            await Stages.ConnectAsync(arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
        Directory.CreateDirectory(output);
        var lines = new List<string>();
        var correlations = new List<double>();
        for (var i = 0; i < Asked.Length; i++)
        {
            var (label, prompts) = Asked[i];
            var files = curves[arguments.GetValue(OtherLabel) ? Asked[(i + 3) % Asked.Length].Label : label];
            for (var k = 0; k < count; k++)
            {
                var sound = await SoundReader.ReadFloatsAsync(Path.Combine(folder, files[k % files.Count]), Longest, cancel);
                var curve = RecordingEnergy.Of(sound, new());
                var wave =
                    await GeneratedWave.UnderAsync(stages.Client, curve, new(sampling) { Prompt = prompts[k], Seed = (ulong)k }, cancel);
                correlations.Add(Rewas.Sound.Correlation.Pearson(RecordingEnergy.Of([.. wave], new()).Values, curve.Values));
                var file = Path.Combine(Path.GetFullPath(output), $"{label.Replace(' ', '-')}-{k}.wav");
                await Rewas.Sound.Wav.WavFile.WriteAsync(file, new(wave, ClipTiming.SampleRate), cancellationToken: cancel);
                lines.Add($"{label}\t{file}");
            }
        }
        await File.WriteAllLinesAsync(Path.Combine(output, List), lines, cancel);
        Console.WriteLine(FormattableString.Invariant(
            $"{lines.Count} sounds in {output}; energy of the sound against the curve: {correlations.Average():0.000}"));
        return 0;
    }

    static Dictionary<string, List<string>> CurveFiles(string folder, string fold)
    {
        var files = RecordingIndex.Read(folder, "file", "label", "set", "fold").Where(row => row["set"] == "ESC-10" && row["fold"] == fold)
            .GroupBy(row => row["label"]).ToDictionary(label => label.Key, label => label.Select(row => row["file"]).ToList());
        return Asked.FirstOrDefault(asked => !files.ContainsKey(asked.Label)).Label is { } missing
            ? throw InputFault.Invalid("recordings", $"the index of '{folder}' has no '{missing}' in fold {fold} of ESC-10")
            : files;
    }
}
