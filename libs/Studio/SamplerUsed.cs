using Rewas.Networks;
using Rewas.Protocol;

namespace Rewas.Studio;

/// <summary>How the windows were sampled, defaults filled in.</summary>
public sealed record SamplerUsed(
    string Name,
    int Steps,
    string Spacing,
    double GuidanceScale,
    double EnergyGuidanceScale,
    double GuidanceRescale,
    double GuidanceFrom,
    double GuidanceTo,
    string NegativePrompt,
    double Eta,
    string? Control = null,
    string? Precision = null,
    string? Join = null,
    bool IgnoreCuts = false,
    string? Memory = null,
    double? StartLevel = null)
{
    /// <summary>What asks for the same.</summary>
    public SamplingChoice ToChoice() => new()
    {
        Control = Control,
        Join = Join ?? JoinNames.Concatenate,                                // before there was a choice
        IgnoreCuts = IgnoreCuts,
        Memory = Memory ?? MemoryNames.Off,                                  // likewise
        StartLevel = StartLevel,
        Sampler = Name,
        Spacing = Spacing,
        NegativePrompt = NegativePrompt,
        EnergyGuidanceScale = EnergyGuidanceScale == GuidanceScale ? null : EnergyGuidanceScale,
        GuidanceRescale = GuidanceRescale,
        GuidanceFrom = GuidanceFrom,
        GuidanceTo = GuidanceTo,
    };

    public static SamplerUsed Of(V1.SamplerSettings used) => new(
        used.Name,
        used.Steps,
        used.Spacing,
        used.GuidanceScale,
        used.EnergyGuidanceScale,
        used.GuidanceRescale,
        used.GuidanceFrom,
        used.GuidanceTo,
        used.NegativePrompt,
        used.Eta,
        used.Control,
        used.Precision is { Length: > 0 } precision ? precision : null,
        used.Join,
        used.IgnoreCuts,
        used.Memory is { Length: > 0 } memory ? memory : null,
        used.Recordings.Count > 0 ? used.StartLevel : null);
}
