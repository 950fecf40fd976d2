using Rewas.Faults;
using Rewas.Networks;
using Rewas.V1;

namespace Rewas.Protocol;

/// <summary>Sampling options of a request, besides steps, guidance scale and eta. Null means the bundle's default.</summary>
public sealed record SamplingChoice
{
    /// <summary>One of <see cref="SamplerNames.Samplers"/>.</summary>
    public string? Sampler { get; init; }

    /// <summary>One of <see cref="SamplerNames.Spacings"/>.</summary>
    public string? Spacing { get; init; }

    /// <summary>Sounds to avoid, at most 2000 characters.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Guidance scale of the energy, 0 to 30. Null: that of the text.</summary>
    public double? EnergyGuidanceScale { get; init; }

    /// <summary>Share of the guided prediction that is rescaled to the deviation of the unguided one, 0 to 1.</summary>
    public double? GuidanceRescale { get; init; }

    /// <summary>Guidance starts at this share of the training steps, from 1 (pure noise) to 0.</summary>
    public double? GuidanceFrom { get; init; }

    /// <summary>Guidance ends at this share of the training steps.</summary>
    public double? GuidanceTo { get; init; }

    /// <summary>One of <see cref="ControlNames.All"/>.</summary>
    public string? Control { get; init; }

    /// <summary>One of <see cref="JoinNames.All"/>.</summary>
    public string? Join { get; init; }

    /// <summary>Whether windows continue across cuts of the picture.</summary>
    public bool IgnoreCuts { get; init; }

    /// <summary>
    /// Whether sampling starts from recordings of the memory that match the prompt: one of <see cref="MemoryNames.All"/>.
    /// </summary>
    public string? Memory { get; init; }

    /// <summary>Noise level at which sampling starts from recordings, from 0.1 (almost unchanged) to 1 (nothing of them remains).</summary>
    public double? StartLevel { get; init; }

    /// <summary>Whether interactive requests have priority over this one.</summary>
    public bool Batch { get; init; }

    /// <summary>Reads the options of a wire message.</summary>
    public static SamplingChoice Of(GenerateOptions options) => new()
    {
        Sampler = options.Sampler.Length == 0 ? null : options.Sampler,
        Spacing = options.Spacing.Length == 0 ? null : options.Spacing,
        NegativePrompt = options.NegativePrompt,
        EnergyGuidanceScale = options.HasEnergyGuidanceScale ? options.EnergyGuidanceScale : null,
        GuidanceRescale = options.HasGuidanceRescale ? options.GuidanceRescale : null,
        GuidanceFrom = options.HasGuidanceFrom ? options.GuidanceFrom : null,
        GuidanceTo = options.HasGuidanceTo ? options.GuidanceTo : null,
        Control = options.Control.Length == 0 ? null : options.Control,
        Join = options.Join.Length == 0 ? null : options.Join,
        IgnoreCuts = options.IgnoreCuts,
        Memory = options.Memory.Length == 0 ? null : options.Memory,
        StartLevel = options.HasStartLevel ? options.StartLevel : null,
        Batch = options.Priority == Priority.Batch,
    };

    public void WriteTo(GenerateOptions options)
    {
        options.Sampler = Sampler ?? "";
        options.Spacing = Spacing ?? "";
        options.NegativePrompt = NegativePrompt ?? "";
        options.Control = Control ?? "";
        options.Join = Join ?? "";
        options.IgnoreCuts = IgnoreCuts;
        options.Memory = Memory ?? "";
        if (StartLevel is { } level)
            options.StartLevel = level;
        options.Priority = Batch ? Priority.Batch : Priority.Interactive;
        if (EnergyGuidanceScale is { } energy)
            options.EnergyGuidanceScale = energy;
        if (GuidanceRescale is { } rescale)
            options.GuidanceRescale = rescale;
        if (GuidanceFrom is { } from)
            options.GuidanceFrom = from;
        if (GuidanceTo is { } to)
            options.GuidanceTo = to;
    }

    /// <summary>Lists everything that is unknown or out of range.</summary>
    public IEnumerable<InputFault> Faults() =>
    [
        .. Name("sampler", Sampler, SamplerNames.Samplers),
        .. Name("spacing", Spacing, SamplerNames.Spacings),
        .. Name("control", Control, ControlNames.All),
        .. Name("join", Join, JoinNames.All),
        .. Name("memory", Memory, MemoryNames.All),
        .. NegativePrompt is { Length: > GenerateLimits.MaximumPromptCharacters }
            ? [InputFault.Invalid(
                "negative", $"must have at most {GenerateLimits.MaximumPromptCharacters} characters, but has {NegativePrompt.Length}")]
            : Array.Empty<InputFault>(),
        .. InputFault.OutOfRange("energy-guidance", EnergyGuidanceScale, 0, GenerateLimits.MaximumGuidanceScale),
        .. InputFault.OutOfRange("guidance-rescale", GuidanceRescale, 0, 1),
        .. InputFault.OutOfRange("guidance-from", GuidanceFrom, 0, 1),
        .. InputFault.OutOfRange("guidance-to", GuidanceTo, 0, 1),
        .. StartLevel == 0 ? [] : InputFault.OutOfRange("start-level", StartLevel, 0.1, 1),
        .. GuidanceFrom < GuidanceTo
            ? [InputFault.Invalid(
                "guidance-from", FormattableString.Invariant($"must not be below guidance-to ({GuidanceTo}), but is {GuidanceFrom}"))]
            : Array.Empty<InputFault>(),
    ];

    static IEnumerable<InputFault> Name(string field, string? value, IReadOnlyList<string> names)
    {
        if (value is not null && !names.Contains(value))
            yield return InputFault.Invalid(
                field,
                $"must be one of {string.Join(", ", names)}, but is '{(value.Length <= 40 ? value : value[..40] + "...")}'");
    }
}
