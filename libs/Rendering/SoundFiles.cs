using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>The files to write for a sound.</summary>
/// <param name="Output">The video with sound, or the sound alone, depending on its extension.</param>
public sealed record SoundFiles(string Output)
{
    /// <summary>Formats by extension, without the dot.</summary>
    public static readonly IReadOnlyList<string> Formats = ["mp4", "mov", "mkv", "webm", "wav", "flac", "otioz"];

    public const string UsualFormat = "mp4";

    const string WaveFormat = "wav";

    /// <summary>Stands in the name of the file of all layers.</summary>
    public const string AllStems = "stems";

    /// <summary>Whether a format is sound without a picture.</summary>
    public static bool IsSound(string format) => SoundExport.IsName($".{format}");

    /// <exception cref="InputFault">The format is unknown.</exception>
    public static void ThrowUnlessFormat(string format)
    {
        if (!Formats.Contains(format))
            throw InputFault.Invalid(
                "format", $"must be one of {string.Join(", ", Formats)}, but is '{(format.Length <= 40 ? format : format[..40] + "...")}'");
    }

    /// <summary>The files of a format in a folder of this machine. A timeline has its stems beside it.</summary>
    /// <param name="name">Without an ending.</param>
    public static SoundFiles In(PrivateFolder folder, string name, string format) => TimelineFormats.All.Contains(format)
        ? new SoundFiles(folder.File($"{name}.{WaveFormat}"))
        {
            Name = $"{name}.{format}",
            Stems = true,
            Timeline = folder.File($"{name}.{format}"),
            TimelineByName = true,
        }
        : new SoundFiles(folder.File($"{name}.{format}")) { Name = $"{name}.{format}" };

    /// <summary>The file of the format.</summary>
    public string Result => Timeline ?? Output;

    /// <summary>The output's name in the sidecar.</summary>
    public string Name { get; init; } = Output;

    /// <summary>Also write each layer to its own file.</summary>
    public bool Stems { get; init; }

    /// <summary>The form of the layers' files. A timeline needs a file for each layer.</summary>
    public StemForm StemsAs { get; init; }

    /// <summary>Also write each other candidate to its own file.</summary>
    public bool OtherCandidates { get; init; }

    /// <summary>Also write the sound of a video as a WAV file.</summary>
    public bool Wav { get; init; }

    /// <summary>Also write a timeline with the video and the stems; null for none. It needs the stems.</summary>
    public string? Timeline { get; init; }

    /// <summary>True if the timeline names files without their folders.</summary>
    public bool TimelineByName { get; init; }

    /// <summary>The layer that the output holds alone: "primary" or "environment". Empty for the mix.</summary>
    public string Layer { get; init; } = "";

    public string Sidecar => Output + ".json";

    /// <summary>True if the output is sound without a picture.</summary>
    public bool SoundOnly => SoundExport.IsName(Output);

    public string? WavPath => SoundOnly ? Output : Wav ? Path.ChangeExtension(Output, ".wav") : null;

    public string Stem(string layer) => Path.ChangeExtension(Output, $".{layer}.wav");

    public string Candidate(int rank) => Stem($"candidate-{rank}");

    /// <summary>Upper bound of the output's length, for a reservation before it is written.</summary>
    /// <param name="videoBytes">Length of the video file, whose picture is copied.</param>
    /// <param name="sampleRate">Highest rate of the sound.</param>
    public long MostBytes(long videoBytes, TimeSpan duration, int sampleRate = 48_000)
    {
        const int Channels = 2, Head = 1 << 20;
        var sound = (long)Math.Ceiling(duration.TotalSeconds * sampleRate) * Channels * sizeof(float);
        const int FilesOfTimeline = 5;                                       // the mix, two stems, and these again in a bundle
        return Timeline is not null
            ? FilesOfTimeline * sound + Head + videoBytes
            : sound + Head + (SoundOnly || Layer.Length > 0 ? 0 : videoBytes + videoBytes / 16);
    }

    /// <summary>All files to write, each with the option that asks for it.</summary>
    /// <param name="candidates">Number of candidates.</param>
    /// <param name="hasEnvironment">True if there is a second layer.</param>
    public IEnumerable<(string Path, string Field)> All(int candidates, bool hasEnvironment) =>
    [
        (Output, "output"),
        (Sidecar, "sidecar"),
        .. Wav && !SoundOnly ? [(WavPath!, "wav")] : Array.Empty<(string, string)>(),
        .. Stems ? StemPaths(hasEnvironment).Select(path => (path, "stems")) : [],
        .. Timeline is { } timeline ? [(timeline, "timeline")] : Array.Empty<(string, string)>(),
        .. OtherCandidates ? Enumerable.Range(2, Math.Max(0, candidates - 1)).Select(rank => (Candidate(rank), "candidates")) : [],
    ];

    /// <summary>All files that layers may be written to. How many channels a layer has is known only when it is made.</summary>
    IEnumerable<string> StemPaths(bool hasEnvironment)
    {
        string[] layers = hasEnvironment ? ["primary", "environment"] : ["primary"];
        return StemsAs switch
        {
            StemForm.Layers => layers.Select(Stem),
            StemForm.Mono => layers.SelectMany(layer => (string[])[Stem(layer), Stem($"{layer}.L"), Stem($"{layer}.R")]),
            _ => [Stem(AllStems)],
        };
    }
}
