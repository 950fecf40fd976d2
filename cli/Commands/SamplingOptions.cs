using System.CommandLine;
using Rewas.Networks;
using Rewas.Protocol;

namespace Rewas.Cli.Commands;

/// <summary>Options of `generate` that choose the sampler and its guidance.</summary>
static class SamplingOptions
{
    static readonly Option<string?> Sampler = new("--sampler") { Description = $"{string.Join(", ", SamplerNames.Samplers)} [default: the bundle's]", HelpName = "NAME" };
    static readonly Option<string?> Spacing = new("--spacing") { Description = $"of the noise levels: {string.Join(", ", SamplerNames.Spacings)} [default: the bundle's]", HelpName = "NAME" };
    static readonly Option<string?> Negative = new("--negative") { Description = "what not to hear", HelpName = "TEXT" };
    static readonly Option<string?> EnergyGuidance = NumberOption.Create("--energy-guidance", "G", "how closely to follow the energy, 0 to 30; slower [default: as --guidance]");
    static readonly Option<string?> Rescale = NumberOption.Create("--guidance-rescale", "R", "0 to 1: tames strong guidance [default: the bundle's]");
    static readonly Option<string?> From = NumberOption.Create("--guidance-from", "T", "guidance starts at this noise level, 1 (all noise) to 0 [default: the bundle's]");
    static readonly Option<string?> To = NumberOption.Create("--guidance-to", "T", "guidance ends at this noise level; steps without it cost half [default: the bundle's]");

    static readonly Option<string?> Control = new("--control")
    {
        Description = $"what decides beside the text: {string.Join(", ", ControlNames.All)} [default: the bundle's]",
        HelpName = "NAME",
    };

    static readonly Option<string?> Join = new("--join") { Description = $"how windows of 5.12 s are joined: {string.Join(", ", JoinNames.All)} [default: {JoinNames.All[0]}]", HelpName = "NAME" };

    static readonly Option<bool> IgnoreCuts = new("--ignore-cuts") { Description = "let the sound go on over cuts of the picture, instead of beginning anew with each scene" };

    static readonly Option<string?> Memory = new("--memory") { Description = "start from the bundle's recordings of what the prompt speaks of: on or off [default: the bundle's]", HelpName = "NAME" };

    static readonly Option<string?> StartLevel = NumberOption.Create("--start-level", "T", "how far recordings are noised before sampling goes on from them, 0.1 to 1; 0: they are heard as they are placed [default: the bundle's]");

    static readonly Option<bool> Batch = new("--batch") { Description = "give way to interactive requests of the same services" };

    public static IReadOnlyList<Option> All { get; } = [Control, Sampler, Spacing, Negative, EnergyGuidance, Rescale, From, To, Join, IgnoreCuts, Memory, StartLevel, Batch];

    public static SamplingChoice Read(ParseResult arguments) => new()
    {
        Control = arguments.GetValue(Control),
        Sampler = arguments.GetValue(Sampler),
        Spacing = arguments.GetValue(Spacing),
        NegativePrompt = arguments.GetValue(Negative),
        EnergyGuidanceScale = arguments.Number(EnergyGuidance),
        GuidanceRescale = arguments.Number(Rescale),
        GuidanceFrom = arguments.Number(From),
        GuidanceTo = arguments.Number(To),
        Join = arguments.GetValue(Join),
        IgnoreCuts = arguments.GetValue(IgnoreCuts),
        Memory = arguments.GetValue(Memory),
        StartLevel = arguments.Number(StartLevel),
        Batch = arguments.GetValue(Batch),
    };
}
