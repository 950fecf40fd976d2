using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>The files that a sound becomes.</summary>
/// <param name="Output">The video with sound, or the sound alone, by the ending.</param>
public sealed record SoundFiles(string Output)
{
    /// <summary>Formats by their endings, without the dot.</summary>
    public static readonly IReadOnlyList<string> Formats = ["mp4", "mov", "mkv", "webm", "wav", "flac"];

    public const string UsualFormat = "mp4";

    /// <exception cref="InputFault">It is no format.</exception>
    public static void ThrowUnlessFormat(string format)
    {
        if (!Formats.Contains(format))
            throw InputFault.Invalid(
                "format", $"must be one of {string.Join(", ", Formats)}, but is '{(format.Length <= 40 ? format : format[..40] + "...")}'");
    }

    /// <summary>What the sidecar calls the output.</summary>
    public string Name { get; init; } = Output;

    /// <summary>Write the layers as files of their own.</summary>
    public bool Stems { get; init; }

    /// <summary>Write the other candidates as files of their own.</summary>
    public bool OtherCandidates { get; init; }

    /// <summary>Write the sound beside the video.</summary>
    public bool Wav { get; init; }

    /// <summary>The output is one layer alone: "primary" or "environment". Empty: the mix.</summary>
    public string Layer { get; init; } = "";

    public string Sidecar => Output + ".json";

    /// <summary>The output is sound without a picture.</summary>
    public bool SoundOnly => SoundExport.IsName(Output);

    public string? WavPath => SoundOnly ? Output : Wav ? Path.ChangeExtension(Output, ".wav") : null;

    public string Stem(string layer) => Path.ChangeExtension(Output, $".{layer}.wav");

    public string Candidate(int rank) => Stem($"candidate-{rank}");

    /// <summary>All that are written, with the option that asks for each.</summary>
    /// <param name="candidates">Sounds that are made.</param>
    /// <param name="hasEnvironment">Whether there is a second layer.</param>
    public IEnumerable<(string Path, string Field)> All(int candidates, bool hasEnvironment) =>
    [
        (Output, "output"),
        (Sidecar, "sidecar"),
        .. Wav && !SoundOnly ? [(WavPath!, "wav")] : Array.Empty<(string, string)>(),
        .. Stems ? [(Stem("primary"), "stems")] : Array.Empty<(string, string)>(),
        .. Stems && hasEnvironment ? [(Stem("environment"), "stems")] : Array.Empty<(string, string)>(),
        .. OtherCandidates ? Enumerable.Range(2, Math.Max(0, candidates - 1)).Select(rank => (Candidate(rank), "candidates")) : [],
    ];
}
