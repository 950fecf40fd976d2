using Rewas.Checkpoints;
using Rewas.Faults;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.AudioDiffusion;

/// <summary>What is to be sampled: the caller's options, checked, with the bundle's defaults filled in.</summary>
/// <param name="Prompt">What to hear.</param>
/// <param name="Seed">Seed of the noise.</param>
/// <param name="GuidanceScale">Classifier-free guidance, at least 1.</param>
/// <param name="Schedule">Noise levels to visit.</param>
public sealed record SamplingRequest(string Prompt, uint Seed, double GuidanceScale, DdimSchedule Schedule)
{
    /// <exception cref="InputFault">An option out of range.</exception>
    public static SamplingRequest From(GenerateOptions options, SamplerDefaults defaults)
    {
        GenerateLimits.ThrowUnlessInRange(options);
        var steps = options.Steps == 0 ? defaults.Steps : options.Steps;
        if (steps > defaults.TrainingSteps)
            throw InputFault.Invalid("steps", $"must be from 1 to {defaults.TrainingSteps} with this bundle, but is {steps}");
        return new SamplingRequest(
            options.Prompt,
            (uint)options.Seed,
            options.GuidanceScale == 0 ? defaults.GuidanceScale : options.GuidanceScale,
            new DdimSchedule(defaults, steps, options.HasEta ? options.Eta : defaults.Eta));
    }

    /// <summary>As the caller is told.</summary>
    public SamplerSettings Settings() => new() { Name = DdimSampler.Name, Steps = Schedule.Timesteps.Count, GuidanceScale = GuidanceScale, Eta = Schedule.Eta };
}
