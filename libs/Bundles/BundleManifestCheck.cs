using System.Text.Json;
using System.Text.RegularExpressions;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;

namespace Rewas.Bundles;

/// <summary>Finds all errors of a manifest.</summary>
static partial class BundleManifestCheck
{
    static readonly string[] Controls = ["energy", "onset", "energy+texture"];

    public static List<string> Faults(BundleManifest manifest)
    {
        var faults = new List<string>();
        Check(faults, IsName(manifest.Name), $"name must be lower-case letters, digits and hyphens, at most 64, but is '{manifest.Name}'");
        Check(faults, Controls.Contains(manifest.Control), $"control must be {string.Join(" or ", Controls)}, but is '{manifest.Control}'");
        Check(
            faults, double.IsFinite(manifest.LatentScale) && manifest.LatentScale > 0,
            Invariant($"latentScale must be above 0, but is {manifest.LatentScale}"));
        Timing(faults, manifest.Timing);
        Sampler(faults, manifest.Sampler);
        foreach (var (name, file) in manifest.Files)
        {
            if (file is null) // the serializer checks members but not dictionary values
            {
                faults.Add($"file '{name}' is null");
                continue;
            }
            Check(faults, IsPlainName(name), $"file '{name}' must be a plain name of letters, digits, '.', '_', '-', at most 128");
            Check(faults, HashPattern().IsMatch(file.Sha256), $"file '{name}': sha256 must be 64 lower-case hexadecimal digits");
            Check(faults, file.Bytes >= 0, $"file '{name}': bytes must not be negative, but is {file.Bytes}");
        }
        foreach (var (name, network) in manifest.Networks)
        {
            Check(
                faults, NetworkPattern().IsMatch(name),
                $"network '{name}' must be lower-case letters, digits and underscores, at most 64");
            if (network is null)
            {
                faults.Add($"network '{name}' is null");
                continue;
            }
            if (network.Architecture == TextEncoderNames.Sentences)
                Sentences(faults, name, network);
            else
                Check(faults, manifest.Files.ContainsKey(network.File), $"network '{name}': file '{network.File}' is not among files");
            CheckName(faults, $"network '{name}': precision", network.Precision, PrecisionNames.All);
        }
        var readsSentences = manifest.Networks.TryGetValue("text_encoder", out var text)
            && text?.Architecture == TextEncoderNames.Sentences;
        if (readsSentences && manifest.Networks.ContainsKey("audio_encoder"))
            Check(
                faults, manifest.Networks.ContainsKey("text_projection"),
                $"network 'text_projection' is missing: {TextEncoderNames.Sentences} does not share a space with audio_encoder");
        return faults;
    }

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>Whether a name can only refer to a file in the bundle's own folder.</summary>
    public static bool IsPlainName(string name) => FilePattern().IsMatch(name) && name != Bundle.ManifestFileName;

    static void Sentences(List<string> faults, string name, BundleNetwork network)
    {
        Check(faults, name == "text_encoder", $"network '{name}': only text_encoder may be {network.Architecture}");
        Check(
            faults, network.File.Length == 0 && network.Prefix.Length == 0,
            $"network '{name}': {network.Architecture} has no weights in a bundle, " +
            $"but file is '{network.File}' and prefix '{network.Prefix}'");
        Check(
            faults, network.Configuration is { ValueKind: JsonValueKind.Object } sizes && sizes.GetPropertyCount() == 0,
            $"network '{name}': {network.Architecture} has no configuration; it must be {{}}");
    }

    static void Timing(List<string> faults, ClipTiming timing)
    {
        CheckRange(faults, "timing.frameSize", timing.FrameSize, 16, 1024);
        CheckRange(faults, "timing.resizeShorterSide", timing.ResizeShorterSide, timing.FrameSize, 2048);
        CheckRange(faults, "timing.firstFrame", timing.FirstFrame, -ClipTiming.FramesPerWindow, ClipTiming.FramesPerWindow);
        CheckRange(faults, "timing.segmentStride", timing.SegmentStride, 1, ClipTiming.FramesPerWindow);
        CheckRange(faults, "timing.segmentsPerWindow", timing.SegmentsPerWindow, 1, ClipTiming.FramesPerWindow);
        if (timing.TokenLayout != TokenLayout.TrueTimes)
            return;
        // Tokens lie on a grid of 2 frames that starts with the window.
        Check(
            faults, timing.FirstFrame == 0,
            Invariant($"timing.firstFrame must be 0 with tokens at true times, but is {timing.FirstFrame}"));
        Check(
            faults, timing.SegmentStride % ClipTiming.FramesPerToken == 0,
            Invariant($"timing.segmentStride must be even with tokens at true times, but is {timing.SegmentStride}"));
    }

    static void Sampler(List<string> faults, SamplerDefaults sampler)
    {
        CheckRange(faults, "sampler.trainingSteps", sampler.TrainingSteps, 1, 100_000);
        CheckRange(faults, "sampler.steps", sampler.Steps, 1, sampler.TrainingSteps);
        CheckRange(faults, "sampler.guidanceScale", sampler.GuidanceScale, 0, 100);
        CheckRange(faults, "sampler.startAt", sampler.StartAt, 0.1, 1);
        if (sampler.MemoryStartAt != 0)
            CheckRange(faults, "sampler.memoryStartAt", sampler.MemoryStartAt, 0.1, 1);
        CheckRange(faults, "sampler.energyGuidanceScale", sampler.EnergyGuidanceScale ?? 0, 0, 100);
        CheckRange(faults, "sampler.eta", sampler.Eta, 0, 1);
        CheckRange(faults, "sampler.betaStart", sampler.BetaStart, 1e-8, 1);
        CheckRange(faults, "sampler.energyFit", sampler.EnergyFit, 0, 1);
        CheckRange(faults, "sampler.guidanceRescale", sampler.GuidanceRescale, 0, 1);
        CheckRange(faults, "sampler.guidanceTo", sampler.GuidanceTo, 0, 1);
        CheckRange(faults, "sampler.guidanceFrom", sampler.GuidanceFrom, sampler.GuidanceTo, 1);
        CheckName(faults, "sampler.sampler", sampler.Sampler, SamplerNames.Samplers);
        CheckName(faults, "sampler.spacing", sampler.Spacing, SamplerNames.Spacings);
        CheckName(faults, "sampler.prediction", sampler.Prediction, PredictionNames.All);
        CheckRange(faults, "sampler.betaEnd", sampler.BetaEnd, sampler.BetaStart, 1);
    }

    static void CheckRange(List<string> faults, string field, double value, double minimum, double maximum)
    {
        if (NumberRange.Fault(value, minimum, maximum) is { } fault)
            faults.Add($"{field} {fault}");
    }

    static void CheckName(List<string> faults, string field, string value, IReadOnlyList<string> names) =>
        Check(faults, names.Contains(value), $"{field} must be one of {string.Join(", ", names)}, but is '{value}'");

    static void Check(List<string> faults, bool condition, string otherwise)
    {
        if (!condition)
            faults.Add(otherwise);
    }

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,63}\z")]
    private static partial Regex NetworkPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex HashPattern();
}
