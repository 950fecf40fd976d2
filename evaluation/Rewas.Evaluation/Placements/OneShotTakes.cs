using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Scenes.Kinds;
using Rewas.Sound;
using Rewas.Sound.Placement;
using Rewas.Video;

namespace Rewas.Evaluation.Placements;

/// <summary>Recordings of single sounds that stand for the impacts of a scene, from a folder with an index.csv (file, label).</summary>
sealed class OneShotTakes
{
    const int MostTakes = 8;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(2.5);            // longer ones are no single sounds

    /// <summary>Kinds of scene with single impacts, and the labels of recordings that fit, the best first.</summary>
    static readonly (string Kind, string[] Labels)[] Fitting =
    [
        (HammerBlows.Name, ["hammer", "wood chop", "metal impact"]),
        (Footsteps.Name, ["footsteps", "footsteps on wood"]),
        (Door.Name, ["door wood knock", "door close"]),
        (Typing.Name, ["keyboard typing", "switch", "mouse click"]),
        (BouncingBall.Name, ["ball", "soft impact", "wood impact"]),
    ];

    readonly string folder;
    readonly IReadOnlyList<IReadOnlyDictionary<string, string>> index;

    /// <exception cref="InputFault">There is no index, or it has no recording for a kind.</exception>
    public OneShotTakes(string folder)
    {
        (this.folder, index) = (folder, RecordingIndex.Read(folder, "file", "label"));
        InputFault.ThrowIfAny(
        [
            .. Fitting.Where(kind => !FilesFor(kind.Labels).Any()).Select(kind =>
                InputFault.Invalid("one-shots", $"the index of '{folder}' must have one of {string.Join(", ", kind.Labels)}")),
        ]);
    }

    /// <summary>Kinds of scene with single impacts.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Fitting.Select(kind => kind.Kind)];

    /// <summary>Reads the short recordings for a kind of scene, mono at 16 kHz.</summary>
    /// <exception cref="InputFault">None is short.</exception>
    public async Task<IReadOnlyList<Recording>> ReadAsync(string kind, CancellationToken cancel)
    {
        var takes = new List<Recording>();
        foreach (var file in FilesFor(Fitting.First(fitting => fitting.Kind == kind).Labels))
        {
            var wave = await SoundReader.ReadFloatsAsync(Path.Combine(folder, file), 2 * Longest, cancel);
            if (wave.Length <= Longest.TotalSeconds * ClipTiming.SampleRate)
                takes.Add(new(file, ClipTiming.SampleRate, wave));
            if (takes.Count == MostTakes)
                break;
        }
        return takes.Count > 0
            ? takes
            : throw InputFault.Invalid("one-shots", $"'{folder}' must have recordings of at most 2.5 s for scenes of '{kind}'");
    }

    IEnumerable<string> FilesFor(string[] labels) =>
        labels.SelectMany(label => index.Where(row => row["label"] == label)).Select(row => row["file"]);
}
