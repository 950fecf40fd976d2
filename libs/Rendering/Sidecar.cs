using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Json;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Rendering.Finishing;
using Rewas.Rendering.Guards;
using Rewas.Rendering.References;
using Rewas.Sound.Curves;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Rendering;

/// <summary>Everything that is needed to make a file again. Written beside the file as OUT.json.</summary>
public sealed record Sidecar
{
    public const string PictureAsSource = "video", DrawnAsSource = "curve", NoSource = "none";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public int FormatVersion { get; init; } = 1;

    public required string Output { get; init; }

    public required SourceVideo Video { get; init; }

    public required string Bundle { get; init; }

    /// <summary>SHA-256 of the bundle's bundle.json, which holds the hash of every weight file.</summary>
    public required string BundleSha256 { get; init; }

    public required string WeightsLicence { get; init; }

    public required string Prompt { get; init; }

    public required long Seed { get; init; }

    /// <summary>The options of the order by name; see docs/options.md.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Options { get; init; }

    /// <summary>The sampler settings that the stage reported, with defaults filled in: the message SamplerSettings as JSON.</summary>
    /// <remarks>Absent if nothing was sampled: the sound is placed recordings.</remarks>
    public JsonElement? Sampler { get; init; }

    public required SoundMade Sound { get; init; }

    /// <summary>The energy that was rendered, including edits.</summary>
    public required CurveJson Energy { get; init; }

    /// <summary>Onsets and texture, if they controlled the sound.</summary>
    public DescriptorsUsed? Descriptors { get; init; }

    /// <summary>Times of cuts in seconds. Absent if there are none or they were ignored.</summary>
    public IReadOnlyList<double>? Cuts { get; init; }

    /// <summary>The cuts as indices of energy values.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> CutValues => [.. (Cuts ?? []).Select(EnergyCurve.IndexAt)];

    /// <summary>Recordings of the bundle's memory that the sound starts from, with their credits; absent for none.</summary>
    public IReadOnlyList<RecordingInSound>? Recordings { get; init; }

    /// <summary>The caller's own recordings, with all pieces of all candidates; absent for none.</summary>
    public ReferencesUsed? References { get; init; }

    /// <summary>Source of the energy before edits: "video", or the file of a curve or recording.</summary>
    public string EnergySource { get; init; } = PictureAsSource;

    /// <summary>The edits in order, in the form of `rewas edit`.</summary>
    public IReadOnlyList<string> EnergyEdits { get; init; } = [];

    /// <summary>The layer that the file holds alone, "primary" or "environment"; absent for the mix.</summary>
    public string? Layer { get; init; }

    /// <summary>How the sound was finished; absent without a finish.</summary>
    public FinishUsed? Finish { get; init; }

    /// <summary>All candidates if there were several. The first one is in the file.</summary>
    public IReadOnlyList<CandidateMade>? Candidates { get; init; }

    /// <summary>The environment layer; absent for none.</summary>
    public EnvironmentUsed? Environment { get; init; }

    /// <summary>What the guard heard, and the seeds that were tried; absent if it did not listen.</summary>
    public GuardUsed? Guard { get; init; }

    /// <summary>The result of the prompt check; absent if the prompt was not checked.</summary>
    public ConflictChecked? Conflict { get; init; }

    /// <summary>What was understood of the prompt as it was written; absent if it was taken as it is.</summary>
    public WordsUsed? Words { get; init; }

    public required IReadOnlyDictionary<string, StageTime> Stages { get; init; }

    public required double ElapsedSeconds { get; init; }

    public required double FirstSoundSeconds { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Describes how a sound was made. The maker adds the file and the finish.</summary>
    /// <param name="videoSha256">Hash of the video's file.</param>
    /// <param name="sha256">Hash of the samples.</param>
    internal static Sidecar Of(SoundOrder order, VideoClip clip, string videoSha256, GenerateResult result, string sha256) => new()
    {
        Output = "",
        Video = new(
            clip.MadeOf ?? clip.Name, videoSha256, result.Video.Duration.ToTimeSpan().TotalSeconds,
            result.Video.FrameRate, result.Video.Width, result.Video.Height, result.Video.Codec)
        {
            Blank = clip.IsBlank ? true : null,
        },
        Bundle = result.Bundle,
        BundleSha256 = result.BundleSha256,
        WeightsLicence = result.Stages.Count > 0 ? result.Stages[0].WeightsLicence : "",
        Prompt = order.Options.Prompt,
        Seed = (long)order.Options.Seed,
        Options = OrderJson.Write(order),
        Sampler = result.Sampler is { } sampler ? Settings(sampler) : null,
        Sound = new(ClipTiming.SampleRate, result.Samples, sha256),
        Energy = CurveJson.Of(EnergyCurve.Of([.. result.Energy])),
        Descriptors = result.Sampler?.Control is ControlNames.Onset or ControlNames.Texture ? DescriptorsUsed.Of(result.Descriptors) : null,
        Cuts = result.Descriptors.Cuts.Count == 0 || result.Sampler is null or { IgnoreCuts: true }
            ? null
            : [.. result.Descriptors.Cuts.Select(EnergyCurve.SecondsAt)],
        Recordings = RecordingInSound.Of(result),
        EnergySource = clip.EnergySource ?? (order.Curve is not null ? DrawnAsSource : clip.IsBlank ? NoSource : PictureAsSource),
        Stages = StageTimes(result),
        ElapsedSeconds = result.Elapsed.TotalSeconds,
        FirstSoundSeconds = result.FirstSoundAfter.TotalSeconds,
        Versions = VersionsOf(result, clip.Facts.FfmpegVersion),
    };

    /// <summary>An order for the same sound. It has no edits, because the energy of <see cref="KnownFor"/> includes them.</summary>
    /// <exception cref="InputFault">A value cannot be read.</exception>
    public SoundOrder ToOrder()
    {
        var order = new SoundOrder { Options = new() };
        if (Finish is not null)
            order.Finish = new();
        if (References is not null)
            order.References = new();
        if (Options?.Keys.Any(name => OrderTable.Find(name) is { IsOfDelivery: true }) == true)
            order.Delivery = new();
        if (Environment is { } layer)
            order.Environment = new() { Seed = (ulong)Math.Max(0, layer.Seed) };
        OrderJson.Read(JsonSerializer.SerializeToElement(this, Json), order, "sidecar");
        if (order.Options.Candidates == 0)
            order.Options.Candidates = Candidates?.Count ?? 0;
        if (Guard is not null)
            order.Options.FreshSeeds = 0;                                    // the seed is the chosen one
        return order;
    }

    /// <summary>The rendered energy. With it, neither the picture nor the edits are needed.</summary>
    public KnownEnergy KnownFor(VideoFacts facts) => new(Energy.ToCurve(), facts.ToVideoInfo())
    {
        Descriptors = (Descriptors?.ToPredicted() ?? PredictedDescriptors.None) with { Cuts = CutValues },
    };

    /// <summary>The precision of the denoiser; null if it was not reported.</summary>
    [JsonIgnore]
    public string? Precision =>
        Sampler is { ValueKind: JsonValueKind.Object } settings
        && settings.TryGetProperty("precision", out var told)
            && told.ValueKind == JsonValueKind.String
            && told.GetString() is { Length: > 0 } used
            ? used
            : null;

    /// <exception cref="InputFault">NotFound: there is no such file. Invalid: it is not a sidecar.</exception>
    public static async Task<Sidecar> ReadAsync(string path, CancellationToken cancel)
    {
        InputFile.Find(path, "sidecar");
        try
        {
            return Parse(await File.ReadAllBytesAsync(path, cancel), path);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading("sidecar", path, failure);
        }
    }

    /// <param name="json">UTF-8.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <exception cref="InputFault">It is not a sidecar.</exception>
    public static Sidecar Parse(byte[] json, string name)
    {
        var utf8 = json.AsSpan() is [0xEF, 0xBB, 0xBF, ..] ? json.AsSpan(3) : json;
        try
        {
            StrictJson.ThrowIfNotUnicode(utf8);                              // some values stay JSON, and are read as texts later
            return JsonSerializer.Deserialize<Sidecar>(utf8, Json) is { FormatVersion: 1 } sidecar
                ? sidecar
                : throw InputFault.Invalid("sidecar", $"'{name}' must have formatVersion 1");
        }
        catch (JsonException failure)
        {
            throw InputFault.Invalid("sidecar", $"'{name}' is not one that `rewas generate` wrote: {failure.Message}", failure);
        }
    }

    /// <summary>The settings that the stage reported. Recordings are left out; the sidecar lists them with their pieces.</summary>
    static JsonElement Settings(SamplerSettings used)
    {
        var settings = JsonNode.Parse(new JsonFormatter(JsonFormatter.Settings.Default.WithFormatDefaultValues(true)).Format(used))
            !.AsObject();
        settings.Remove("recordings");
        settings.Remove("windows");
        settings.Remove("words");
        if (used.Recordings.Count == 0)
            settings.Remove("startLevel");                                   // no sampling started from a recording
        return JsonSerializer.SerializeToElement(settings);
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

public sealed record SourceVideo(string File, string Sha256, double DurationSeconds, double FrameRate, int Width, int Height, string Codec)
{
    /// <summary>True for sound without a picture: the video is black, and can be made again. Absent for a user's video.</summary>
    public bool? Blank { get; init; }
}

/// <param name="SampleRate">Samples per second.</param>
/// <param name="Samples">Number of samples of a channel, exactly as long as the video.</param>
/// <param name="Sha256">Hash of the samples before encoding: float32, little-endian, channels in turns.</param>
public sealed record SoundMade(int SampleRate, long Samples, string Sha256)
{
    /// <summary>Channels in turns.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Number of samples beyond full scale, which were clipped; absent for none.</summary>
    public long? Clipped { get; init; }
}

/// <param name="Levels">Measurements of the result.</param>
/// <param name="Samples">Samples per channel, exactly as long as the video.</param>
public sealed record FinishUsed(FinishReport Levels, long Samples)
{
    /// <summary>The requested finish in sidecars of earlier releases. It is now part of the sidecar's options.</summary>
    public JsonElement? Options { get; init; }
}

/// <param name="Candidate">Index of the candidate in sampling order, from 0.</param>
/// <param name="Scores">Ranked by their total.</param>
/// <param name="Sha256">Hash of the samples before the mix: float32, little-endian.</param>
/// <param name="File">The candidate's own file. The best candidate is in the output itself.</param>
public sealed record CandidateMade(int Candidate, CandidateScores Scores, string Sha256, string? File);

/// <param name="Decibels">Level in the mix.</param>
/// <param name="Sha256">Hash of the samples before the mix: float32, little-endian.</param>
public sealed record EnvironmentUsed(string Prompt, long Seed, double Decibels, string Sha256);

public sealed record StageTime(double ElapsedSeconds, double NetworkSeconds);

/// <param name="Verdict">"consistent", "uncertain" or "conflict".</param>
/// <param name="Score">From 0 (consistent) to 1 (conflict).</param>
/// <param name="Abstained">True if the prompt could not be compared with the picture.</param>
/// <param name="Overridden">True if the user continued in spite of a conflict.</param>
public sealed record ConflictChecked(string Verdict, double Score, bool Abstained, bool Overridden);
