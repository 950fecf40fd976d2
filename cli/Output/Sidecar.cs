using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rewas.Client;
using Rewas.Networks;

namespace Rewas.Cli.Output;

/// <summary>How a file was made: everything that is needed to make it again. Written beside it as OUT.json.</summary>
sealed record Sidecar
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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

    public required EnergyCurve Energy { get; init; }

    public required IReadOnlyDictionary<string, StageTime> Stages { get; init; }

    public required double ElapsedSeconds { get; init; }

    public required double FirstSoundSeconds { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Stages as the client reports them.</summary>
    public static IReadOnlyDictionary<string, StageTime> StageTimes(GenerateResult result) => result.Summaries.ToDictionary(
        s => s.Stage, s => new StageTime(s.Elapsed.ToTimeSpan().TotalSeconds, s.NetworkElapsed.ToTimeSpan().TotalSeconds));

    public static IReadOnlyDictionary<string, string> VersionsOf(GenerateResult result, string ffmpeg) => new Dictionary<string, string>
    {
        ["rewas"] = typeof(Sidecar).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        ["services"] = string.Join(", ", result.Stages.Select(s => s.Version).Distinct()),
        ["accelerator"] = string.Join(", ", result.Stages.Select(s => s.Accelerator).Distinct()),
        ["ffmpeg"] = ffmpeg,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
    };

    public static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }
}

sealed record SourceVideo(string File, string Sha256, double DurationSeconds, double FrameRate, int Width, int Height, string Codec);

sealed record SamplerUsed(string Name, int Steps, double GuidanceScale, double Eta);

/// <param name="SampleRate">Samples per second.</param>
/// <param name="Samples">Exactly as long as the video.</param>
/// <param name="Sha256">Of the samples before encoding: float32, little-endian.</param>
sealed record SoundMade(int SampleRate, long Samples, string Sha256);

/// <param name="Unit">What the values are.</param>
/// <param name="ValuesPerSecond">100.</param>
/// <param name="Values">From the first frame on.</param>
sealed record EnergyCurve(string Unit, double ValuesPerSecond, IReadOnlyList<float> Values)
{
    public static EnergyCurve Of(IReadOnlyList<float> values) =>
        new("mean natural-log mel magnitude", (double)ClipTiming.SampleRate / ClipTiming.HopSamples, values);
}

sealed record StageTime(double ElapsedSeconds, double NetworkSeconds);
