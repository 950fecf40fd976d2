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
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

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

    /// <summary>Reads the recordings for a kind of scene, mono at 16 kHz.</summary>
    public async Task<IReadOnlyList<Recording>> ReadAsync(string kind, CancellationToken cancel)
    {
        var takes = new List<Recording>();
        foreach (var file in FilesFor(Fitting.First(fitting => fitting.Kind == kind).Labels).Take(MostTakes))
            takes.Add(new(file, ClipTiming.SampleRate, await SoundReader.ReadFloatsAsync(Path.Combine(folder, file), Longest, cancel)));
        return takes;
    }

    IEnumerable<string> FilesFor(string[] labels) =>
        labels.SelectMany(label => index.Where(row => row["label"] == label)).Select(row => row["file"]);
}
