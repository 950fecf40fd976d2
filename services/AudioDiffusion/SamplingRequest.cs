using System.Text.Json;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Text.Words;
using Rewas.V1;

namespace Rewas.AudioDiffusion;

/// <summary>A validated request with the bundle's defaults filled in.</summary>
/// <param name="Sampler">One of <see cref="SamplerNames.Samplers"/>.</param>
/// <param name="Eta">Noise per step of DDIM, 0 to 1.</param>
public sealed record SamplingRequest(uint Seed, string Sampler, double Eta, NoiseLevels Levels, Guidance Guidance)
{
    public string Prompt { get; init; } = "";

    /// <summary>Sounds to avoid. Replaces the empty text.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>What was understood of the prompt; null if it was taken as it is.</summary>
    public WordsRead? Words { get; init; }

    /// <summary>Change of level, dB.</summary>
    public double Level { get; init; }

    /// <summary>Whether the energy of the windows sets the level. Otherwise the finished mel does.</summary>
    public bool FollowsEnergy => Control is ControlNames.Energy or ControlNames.Texture;

    /// <summary>One of <see cref="ControlNames"/>.</summary>
    public string Control { get; init; } = ControlNames.Energy;

    /// <summary>Latents per window.</summary>
    public int Candidates { get; init; } = 1;

    /// <summary>Most rows of a step of all candidates.</summary>
    public int Rows => Candidates * Guidance.Rows().Length;

    /// <summary>One of <see cref="JoinNames"/>.</summary>
    public string Join { get; init; } = JoinNames.All[0];

    /// <summary>Whether windows continue across cuts.</summary>
    public bool IgnoreCuts { get; init; }

    /// <summary>Whether the memory is used: one of <see cref="MemoryNames"/>.</summary>
    public string Memory { get; init; } = MemoryNames.Off;

    /// <summary>Noise levels if sampling starts from recordings. Null: the same levels.</summary>
    public NoiseLevels? LevelsFromRecordings { get; init; }

    /// <summary>First noise level of sampling from recordings, as a share of the training steps.</summary>
    public double StartLevel { get; init; }

    /// <summary>Whether each window comes with the sound to start from. <see cref="StartLevel"/> is then its strength.</summary>
    public bool HasGivenStart { get; init; }

    /// <summary>Recordings to start from. Null: start from noise, or from the noised control latent.</summary>
    public SamplingStart? Start { get; init; }

    /// <summary>Whether the placed recordings are the result and nothing is sampled.</summary>
    public bool IsStartAlone => Start is not null && StartLevel == 0;

    /// <summary>Mel frames of the whole sound. Null: as many as energy arrives for.</summary>
    public long? Frames { get; init; }

    /// <summary>Whether interactive requests have priority.</summary>
    public bool Batch { get; init; }

    /// <param name="controls">The bundle's controls; the first is its own.</param>
    /// <exception cref="InputFault">An option is out of range, or the bundle does not support the control.</exception>
    public static SamplingRequest From(GenerateOptions options, SamplerDefaults defaults, IReadOnlyList<string> controls)
    {
        OrderCheck.ThrowIfWrong(options);
        if (options.Takes.Count > 0)
            throw InputFault.Invalid("take", $"is made by the maker of the sound, not by this stage, but {options.Takes.Count} are given");
        (options, var words) = OrderWords.Understood(options);
        if (options.Control.Length > 0 && !controls.Contains(options.Control))
            throw InputFault.Precondition(
                "control", $"must be one of {string.Join(", ", controls)} with this bundle, but is {options.Control}");
        var wanted = OrderDefaults.Filled(options, JsonSerializer.SerializeToElement(defaults, JsonSerializerOptions.Web));
        if (wanted.Steps > defaults.TrainingSteps)
            throw InputFault.Invalid("steps", $"must be from 1 to {defaults.TrainingSteps} with this bundle, but is {wanted.Steps}");
        if (options.Eta > 0 && wanted.Sampler != SamplerNames.Ddim)
            throw InputFault.Invalid(
                "eta",
                FormattableString.Invariant(
                    $"must be 0 with sampler {wanted.Sampler}: only {SamplerNames.Ddim} has it; but is {options.Eta}"));
        var startLevel = wanted.HasReferenceStrength ? wanted.ReferenceStrength : wanted.StartLevel;
        return new SamplingRequest(
            (uint)wanted.Seed,
            wanted.Sampler,
            wanted.Sampler == SamplerNames.Ddim ? wanted.Eta : 0,
            new NoiseLevels(defaults, wanted.Spacing, wanted.Steps),
            new Guidance(wanted.GuidanceScale, wanted.HasEnergyGuidanceScale ? wanted.EnergyGuidanceScale : wanted.GuidanceScale)
            {
                Rescale = wanted.GuidanceRescale,
                From = wanted.GuidanceFrom,
                To = wanted.GuidanceTo,
            })
        {
            Prompt = wanted.Prompt,
            NegativePrompt = wanted.NegativePrompt,
            Words = words.IsAsWritten ? null : words.ToMessage(),
            Level = wanted.Level,
            Control = wanted.Control.Length > 0 ? wanted.Control : controls[0],
            Candidates = Math.Max(1, wanted.Candidates),
            Join = wanted.Join,
            IgnoreCuts = wanted.IgnoreCuts,
            Memory = wanted.HasReferenceStrength ? MemoryNames.Off : wanted.Memory,
            LevelsFromRecordings = startLevel > 0 ? NoiseLevels.From(startLevel, defaults, wanted.Spacing, wanted.Steps) : null,
            StartLevel = startLevel,
            HasGivenStart = wanted.HasReferenceStrength,
            Frames = wanted.Frames > 0 ? wanted.Frames : null,
            Batch = wanted.Priority == Priority.Batch,
        };
    }

    /// <summary>This request, starting from recordings, with the same number of steps.</summary>
    public SamplingRequest From(SamplingStart start) => this with { Start = start, Levels = LevelsFromRecordings ?? Levels };

    public ISampler NewSampler() => Sampler switch
    {
        SamplerNames.Ddim => new DdimSampler(Levels, Eta),
        SamplerNames.DpmSolver => new DpmSolverSampler(Levels, stochastic: false),
        SamplerNames.DpmSolverSde => new DpmSolverSampler(Levels, stochastic: true),
        SamplerNames.UniPc => new UniPcSampler(Levels),
        _ => throw new InvalidOperationException($"sampler '{Sampler}' is unknown"),
    };

    /// <summary>The settings that the caller is told.</summary>
    /// <param name="precision">Number format of the denoiser.</param>
    public SamplerSettings Settings(string precision) => new()
    {
        Name = Sampler,
        Steps = Levels.Steps,
        GuidanceScale = Guidance.TextScale,
        Eta = Eta,
        Spacing = Levels.Spacing,
        EnergyGuidanceScale = Guidance.EnergyScale,
        GuidanceRescale = Guidance.Rescale,
        GuidanceFrom = Guidance.From,
        GuidanceTo = Guidance.To,
        NegativePrompt = NegativePrompt,
        Words = Words,
        Level = Level,
        Control = Control,
        Precision = precision,
        Join = Join,
        IgnoreCuts = IgnoreCuts,
        Memory = Memory,
        StartLevel = Start is null ? 0 : StartLevel,
        Recordings = { Start?.Credits ?? [] },
        Windows = Frames is { } frames ? new WindowLayout(Join).WindowsFor(frames) : 0,
    };
}
