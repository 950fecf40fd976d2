using System.Reflection;
using Rewas.Bundles;
using Rewas.Clip.Names;
using Rewas.V1;

namespace Rewas.Hosting;

/// <summary>The part of the answer to Describe that is common to all stages.</summary>
public static class StageDescription
{
    /// <summary>Version of the platform, as in its packages.</summary>
    public static string Version { get; } =
        typeof(StageDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <param name="stage">"VideoEncoder", "EnergyPredictor", "AudioDiffusion" or "Vocoder".</param>
    /// <param name="accelerator">Execution provider that runs the networks, as <see cref="Accelerator"/> gives it.</param>
    /// <param name="limits">Limits, by the names that faults use.</param>
    public static DescribeResponse Describe(
        this Bundle bundle,
        string stage,
        string accelerator,
        IEnumerable<TensorSpec> inputs,
        IEnumerable<TensorSpec> outputs,
        IEnumerable<Limit> limits) => new()
        {
            Stage = stage,
            Version = Version,
            Bundle = bundle.Manifest.Name,
            BundleSha256 = bundle.Sha256,
            WeightsLicence = bundle.Manifest.Licence,
            Accelerator = accelerator,
            Inputs = { inputs },
            Outputs = { outputs },
            Limits = { limits },
            Timing = ToMessage(bundle.Manifest.Timing),
        };

    /// <summary>"cpu", "cuda" or "tensorrt"; with the number format where it is not float32, such as "cpu int8".</summary>
    public static string Accelerator(string accelerator, string precision) =>
        precision == PrecisionNames.Float32 ? accelerator : $"{accelerator} {precision}";

    /// <summary>A float32 tensor; -1 marks a variable axis.</summary>
    public static TensorSpec Float32(string name, string description, params ReadOnlySpan<long> shape) =>
        new() { Name = name, Dtype = DataType.Float32, Shape = { shape.ToArray() }, Description = description };

    public static Limit Limit(string name, double value, string unit) => new() { Name = name, Value = value, Unit = unit };

    static V1.ClipTiming ToMessage(Rewas.Clip.ClipTiming timing) => new()
    {
        FrameRate = Rewas.Clip.ClipTiming.FrameRate,
        SampleRate = Rewas.Clip.ClipTiming.SampleRate,
        HopSamples = Rewas.Clip.ClipTiming.HopSamples,
        MelBins = Rewas.Clip.ClipTiming.MelBins,
        MelFramesPerWindow = Rewas.Clip.ClipTiming.MelFramesPerWindow,
        FrameSize = timing.FrameSize,
        SegmentsPerWindow = timing.SegmentsPerWindow,
        TokensPerSegment = Rewas.Clip.ClipTiming.TokensPerSegment,
    };
}
