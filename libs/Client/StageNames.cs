namespace Rewas.Client;

/// <summary>The stages by the names that Describe, errors and the gateway use.</summary>
public static class StageNames
{
    public const string VideoEncoder = "VideoEncoder";
    public const string EnergyPredictor = "EnergyPredictor";
    public const string AudioDiffusion = "AudioDiffusion";
    public const string Vocoder = "Vocoder";
}
