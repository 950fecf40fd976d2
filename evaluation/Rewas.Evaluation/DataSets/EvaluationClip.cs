using Rewas.Faults;

namespace Rewas.Evaluation;

/// <summary>A silent video to make sound for, and the true sound.</summary>
/// <param name="Name">Letters, digits, '.', '_' and '-': also a file name.</param>
/// <param name="Prompt">What to hear.</param>
/// <param name="VideoAsync">Path of the video; one that must be rendered first is put into the given folder.</param>
/// <param name="SoundAsync">True sound, 16 kHz, mono; null where there is none.</param>
public sealed record EvaluationClip(
    string Name, string Prompt, Func<string, CancellationToken, Task<string>> VideoAsync, Func<CancellationToken, Task<float[]?>> SoundAsync)
{
    /// <summary>What is really to be heard, where the prompt says something else on purpose.</summary>
    public string Description { get; init; } = Prompt;
}

/// <summary>The part of a data set.</summary>
public enum DataSplit
{
    Test,

    /// <summary>Never to be evaluated on. A folder has one part only, and is all of it.</summary>
    Training,
}

/// <summary>Clips to evaluate on.</summary>
/// <param name="Name">As reports print it.</param>
/// <param name="Clips">In an order that never changes.</param>
/// <param name="Notes">What a reader must know: how many of how many are there.</param>
public sealed record EvaluationSet(string Name, IReadOnlyList<EvaluationClip> Clips, IReadOnlyList<string> Notes)
{
    public const string Kinds = "procedural, procedural:KIND,KIND, folder:DIR, vggsound:DIR or greatesthits:DIR";

    /// <summary>Opens a data set by what the command line calls it.</summary>
    /// <param name="named">One of <see cref="Kinds"/>.</param>
    /// <param name="limit">At most so many clips, spread evenly over the set; null for all.</param>
    /// <param name="split">The part to open.</param>
    /// <exception cref="InputFault">It is not there or incomplete; the message says what is missing.</exception>
    public static EvaluationSet Open(string named, int? limit, DataSplit split = DataSplit.Test)
    {
        var (kind, folder) = named.Split(':', 2) is [var k, var f] ? (k, f) : (named, null);
        return kind switch
        {
            "procedural" when split == DataSplit.Test => ProceduralClips.Open(limit ?? ProceduralClips.DefaultCount, folder?.Split(',', StringSplitOptions.TrimEntries)),
            "folder" or "vggsound" or "greatesthits" when folder is null or "" => throw InputFault.Invalid("dataset", $"must say where it is: {kind}:DIR"),
            _ when folder is not null && kind is "folder" or "vggsound" or "greatesthits" && !Directory.Exists(folder) => throw InputFault.NotFound("dataset", $"folder '{folder}' does not exist"),
            "folder" => FolderClips.Open(folder!).Limited(limit),
            "vggsound" => VggSound.Open(folder!, split).Limited(limit),
            "greatesthits" => GreatestHits.Open(folder!, split).Limited(limit),
            _ => throw InputFault.Invalid("dataset", $"must be {Kinds}, but is '{named}'"),
        };
    }

    /// <summary>Every third clip under the prompt of the clip half the set further on: what a user asks for who has not looked.</summary>
    public EvaluationSet Mismatched() => this with
    {
        Name = $"{Name}, mismatched",
        Clips = [.. Clips.Select((clip, i) => i % 3 == 2 ? clip with { Prompt = Clips[(i + Clips.Count / 2) % Clips.Count].Description, Description = clip.Description } : clip)],
        Notes = [.. Notes, $"Every third clip, {Clips.Count / 3} in all, has the prompt of another one; similarity is measured to its own."],
    };

    /// <summary>A name that is a file name: anything but letters, digits, '.', '_' and '-' becomes '_'.</summary>
    internal static string FileName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));

    EvaluationSet Limited(int? limit) => limit is { } most && most < Clips.Count
        ? this with
        {
            Clips = [.. Enumerable.Range(0, most).Select(i => Clips[(int)((long)i * Clips.Count / most)])],
            Notes = [.. Notes, $"Limited to {most} of {Clips.Count} clips, spread evenly."],
        }
        : this;
}
