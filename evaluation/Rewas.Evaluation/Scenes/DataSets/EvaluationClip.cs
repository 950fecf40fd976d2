using Rewas.Clip.Faults;

namespace Rewas.Evaluation.Scenes.DataSets;

/// <summary>A silent video to make sound for, and the true sound.</summary>
/// <param name="Name">Letters, digits, '.', '_' and '-'. Also used as a file name.</param>
/// <param name="VideoAsync">Gives the path of the video. A video that must be rendered is written to the given folder.</param>
/// <param name="SoundAsync">Gives the true sound, 16 kHz, mono; null if there is none.</param>
public sealed record EvaluationClip(
    string Name, string Prompt, Func<string, CancellationToken, Task<string>> VideoAsync,
    Func<CancellationToken, Task<float[]?>> SoundAsync)
{
    /// <summary>What the clip really sounds like, if the prompt differs on purpose.</summary>
    public string Description { get; init; } = Prompt;
}

/// <summary>Part of a data set.</summary>
public enum DataSplit
{
    Test,

    /// <summary>Must never be evaluated on. A plain folder has only one part.</summary>
    Training,
}

/// <summary>Clips to evaluate on.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="Clips">In a fixed order.</param>
/// <param name="Notes">Facts for the reader, such as how many listed clips are available.</param>
public sealed record EvaluationSet(string Name, IReadOnlyList<EvaluationClip> Clips, IReadOnlyList<string> Notes)
{
    public const string Kinds = "procedural, procedural:KIND,KIND, folder:DIR, vggsound:DIR or greatesthits:DIR";

    /// <summary>Opens a data set by its name on the command line.</summary>
    /// <param name="named">One of <see cref="Kinds"/>.</param>
    /// <param name="limit">Most clips, spread evenly over the set. Null: all.</param>
    /// <exception cref="InputFault">The data set is missing or incomplete. The message names what is missing.</exception>
    public static EvaluationSet Open(string named, int? limit, DataSplit split = DataSplit.Test)
    {
        var (kind, folder) = named.Split(':', 2) is [var k, var f] ? (k, f) : (named, null);
        return kind switch
        {
            "procedural" when split == DataSplit.Test =>
                ProceduralClips.Open(limit ?? ProceduralClips.DefaultCount, folder?.Split(',', StringSplitOptions.TrimEntries)),
            "folder" or "vggsound" or "greatesthits" when folder is null or "" =>
                throw InputFault.Invalid("dataset", $"must say where it is: {kind}:DIR"),
            _ when folder is not null && kind is "folder" or "vggsound" or "greatesthits" && !Directory.Exists(folder) =>
                throw InputFault.NotFound("dataset", $"folder '{folder}' does not exist"),
            "folder" => FolderClips.Open(folder!).Limited(limit),
            "vggsound" => VggSound.Open(folder!, split).Limited(limit),
            "greatesthits" => GreatestHits.Open(folder!, split).Limited(limit),
            _ => throw InputFault.Invalid("dataset", $"must be {Kinds}, but is '{named}'"),
        };
    }

    /// <summary>Gives every third clip the prompt of a clip half the set away, as from a user who has not watched the video.</summary>
    public EvaluationSet Mismatched() => this with
    {
        Name = $"{Name}, mismatched",
        Clips =
        [
            .. Clips.Select((clip, i) => i % 3 == 2
                ? clip with { Prompt = Clips[(i + Clips.Count / 2) % Clips.Count].Description, Description = clip.Description }
                : clip),
        ],
        Notes =
            [.. Notes, $"Every third clip, {Clips.Count / 3} in all, has the prompt of another one; similarity is measured to its own."],
    };

    /// <summary>Makes a file name: any character but letters, digits, '.', '_' and '-' becomes '_'.</summary>
    public static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));

    EvaluationSet Limited(int? limit) => limit is { } most && most < Clips.Count
        ? this with
        {
            Clips = [.. Enumerable.Range(0, most).Select(i => Clips[(int)((long)i * Clips.Count / most)])],
            Notes = [.. Notes, $"Limited to {most} of {Clips.Count} clips, spread evenly."],
        }
        : this;
}
