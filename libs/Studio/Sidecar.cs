using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Client;
using Rewas.Curves;
using Rewas.Faults;
using Rewas.Finish;
using Rewas.Networks;

namespace Rewas.Studio;

/// <summary>How a file was made: everything that is needed to make it again. Written beside it as OUT.json.</summary>
public sealed record Sidecar
{
    public const string PictureAsSource = "video";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public int FormatVersion { get; init; } = 1;

    public required string Output { get; init; }

    public required SourceVideo Video { get; init; }

    public required string Bundle { get; init; }

    /// <summary>SHA-256 of the bundle's bundle.json, which in turn holds the hash of every file of weights.</summary>
    public required string BundleSha256 { get; init; }

    public required string WeightsLicence { get; init; }

    public required string Prompt { get; init; }

    public required long Seed { get; init; }

    public required SamplerUsed Sampler { get; init; }

    public required SoundMade Sound { get; init; }

    /// <summary>What was rendered, edits included.</summary>
    public required CurveJson Energy { get; init; }

    /// <summary>Onsets and texture, where they controlled it.</summary>
    public DescriptorsUsed? Descriptors { get; init; }

    /// <summary>Seconds at which another scene of the picture begins, where there are any and they were not ignored.</summary>
    public IReadOnlyList<double>? Cuts { get; init; }

    /// <summary>The same as values of the energy.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> CutValues => [.. (Cuts ?? []).Select(EnergyCurve.IndexAt)];

    /// <summary>Recordings of the bundle's memory that the sound starts from, with their credits; absent for none.</summary>
    public IReadOnlyList<RecordingInSound>? Recordings { get; init; }

    /// <summary>Where the energy came from before the edits: "video", or the curve's or recording's file.</summary>
    public string EnergySource { get; init; } = PictureAsSource;

    /// <summary>The edits, as `rewas edit` takes them, in order.</summary>
    public IReadOnlyList<string> EnergyEdits { get; init; } = [];

    /// <summary>How the sound was finished; absent where it went out as it was made.</summary>
    public FinishUsed? Finish { get; init; }

    /// <summary>All that were made, where there were several; the first is the sound.</summary>
    public IReadOnlyList<CandidateMade>? Candidates { get; init; }

    /// <summary>The layer behind the prompt's.</summary>
    public EnvironmentUsed? Environment { get; init; }

    /// <summary>What was said of the prompt before; absent where it was not checked.</summary>
    public ConflictChecked? Conflict { get; init; }

    public required IReadOnlyDictionary<string, StageTime> Stages { get; init; }

    public required double ElapsedSeconds { get; init; }

    public required double FirstSoundSeconds { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static async Task<Sidecar> OfAsync(SoundFileOrder order, GenerateResult result, string sha256, FinishMade? finish, CancellationToken cancel) => new()
    {
        Output = order.Output,
        Video = new(order.MadeOf ?? order.Video, await FileHash.OfAsync(order.MadeOf ?? order.Video, cancel), result.Video.Duration.ToTimeSpan().TotalSeconds, result.Video.FrameRate, result.Video.Width, result.Video.Height, result.Video.Codec),
        Bundle = result.Bundle,
        BundleSha256 = result.BundleSha256,
        WeightsLicence = result.Stages[0].WeightsLicence,
        Prompt = order.Prompt,
        Seed = order.Seed,
        Sampler = SamplerUsed.Of(result.Sampler!),
        Sound = new(ClipTiming.SampleRate, result.Samples, sha256),
        Energy = CurveJson.Of(EnergyCurve.Of([.. result.Energy])),
        Descriptors = result.Sampler!.Control is ControlNames.Onset or ControlNames.Texture ? DescriptorsUsed.Of(result.Descriptors) : null,
        Cuts = result.Descriptors.Cuts.Count == 0 || result.Sampler.IgnoreCuts ? null : [.. result.Descriptors.Cuts.Select(EnergyCurve.SecondsAt)],
        Recordings = RecordingInSound.Of(result),
        EnergySource = order.EnergySource,
        EnergyEdits = [.. order.Edits.Select(edit => edit.ToString())],
        Finish = finish is null ? null : new(order.Finish!, finish.Report, finish.Frames),
        Candidates = finish?.Candidates is { Count: > 1 } all
            ? [.. all.Select((candidate, i) => new CandidateMade(candidate.Candidate, candidate.Scores!, candidate.Sound.Sha256, i == 0 ? null : order.Stem($"candidate-{i + 1}")))]
            : null,
        Environment = order.Environment is { } layer ? new(layer.Prompt, layer.Seed, layer.Decibels, finish!.EnvironmentSha256!) : null,
        Conflict = order.Conflict,
        Stages = StageTimes(result),
        ElapsedSeconds = result.Elapsed.TotalSeconds,
        FirstSoundSeconds = result.FirstSoundAfter.TotalSeconds,
        Versions = VersionsOf(result, order.Facts.FfmpegVersion),
    };

    /// <exception cref="InputFault">NotFound: no such file. Invalid: it is no sidecar.</exception>
    public static async Task<Sidecar> ReadAsync(string path, CancellationToken cancel)
    {
        InputFile.Find(path, "sidecar");
        try
        {
            var sidecar = JsonSerializer.Deserialize<Sidecar>(await File.ReadAllTextAsync(path, cancel), Json);
            return sidecar is { FormatVersion: 1 } ? sidecar : throw InputFault.Invalid("sidecar", $"'{path}' must have formatVersion 1");
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading("sidecar", path, failure);
        }
        catch (JsonException failure)
        {
            throw InputFault.Invalid("sidecar", $"'{path}' is not one that `rewas generate` wrote: {failure.Message}", failure);
        }
    }

    /// <summary>Stages as the client reports them.</summary>
    static IReadOnlyDictionary<string, StageTime> StageTimes(GenerateResult result) => result.Summaries.ToDictionary(
        s => s.Stage, s => new StageTime(s.Elapsed.ToTimeSpan().TotalSeconds, s.NetworkElapsed.ToTimeSpan().TotalSeconds));

    static IReadOnlyDictionary<string, string> VersionsOf(GenerateResult result, string ffmpeg) => new Dictionary<string, string>
    {
        ["rewas"] = typeof(Sidecar).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        ["services"] = string.Join(", ", result.Stages.Select(s => s.Version).Distinct()),
        ["accelerator"] = string.Join(", ", result.Stages.Select(s => s.Accelerator).Distinct()),
        ["ffmpeg"] = ffmpeg,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
    };
}

public sealed record SourceVideo(string File, string Sha256, double DurationSeconds, double FrameRate, int Width, int Height, string Codec);

/// <param name="SampleRate">Samples per second.</param>
/// <param name="Samples">Exactly as long as the video.</param>
/// <param name="Sha256">Of the samples before encoding: float32, little-endian.</param>
public sealed record SoundMade(int SampleRate, long Samples, string Sha256);

/// <param name="Options">What was asked for.</param>
/// <param name="Levels">What came of it.</param>
/// <param name="Samples">A channel; exactly as long as the video.</param>
public sealed record FinishUsed(FinishOptions Options, FinishReport Levels, long Samples);

/// <param name="Candidate">As it was sampled, from 0.</param>
/// <param name="Scores">Their total is what ranks it.</param>
/// <param name="Sha256">Of its samples before the mix: float32, little-endian.</param>
/// <param name="File">Where it is kept; the best is the output itself.</param>
public sealed record CandidateMade(int Candidate, CandidateScores Scores, string Sha256, string? File);

/// <param name="Prompt">What was to be heard.</param>
/// <param name="Seed">Of its noise.</param>
/// <param name="Decibels">In the mix.</param>
/// <param name="Sha256">Of its samples before the mix: float32, little-endian.</param>
public sealed record EnvironmentUsed(string Prompt, long Seed, double Decibels, string Sha256);

public sealed record StageTime(double ElapsedSeconds, double NetworkSeconds);

/// <param name="Verdict">"consistent", "uncertain" or "conflict".</param>
/// <param name="Score">0 consistent to 1 conflict.</param>
/// <param name="Abstained">What the prompt names could not be compared with the picture.</param>
/// <param name="Overridden">The user had it made in spite of a conflict.</param>
public sealed record ConflictChecked(string Verdict, double Score, bool Abstained, bool Overridden);
