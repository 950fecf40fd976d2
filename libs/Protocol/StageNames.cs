namespace Rewas.Protocol;

/// <summary>The stages, each by the name of its gRPC service. Describe, errors, configuration and the gateway use these names.</summary>
public static class StageNames
{
    public const string VideoEncoder = "VideoEncoder";
    public const string EnergyPredictor = "EnergyPredictor";
    public const string AudioDiffusion = "AudioDiffusion";
    public const string Vocoder = "Vocoder";

    /// <summary>In the order in which a clip passes them.</summary>
    public static IReadOnlyList<string> All { get; } = [VideoEncoder, EnergyPredictor, AudioDiffusion, Vocoder];
}
