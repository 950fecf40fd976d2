using Rewas.Client;
using Rewas.Curves;
using Rewas.Faults;
using Rewas.Protocol;
using Rewas.Studio;
using Rewas.V1;
using Rewas.Video;
using Rewas.VideoEncoder;
using ClipTiming = Rewas.Networks.ClipTiming;
using CurveEdit = Rewas.V1.CurveEdit;
using EnergyCurve = Rewas.V1.EnergyCurve;

namespace Rewas.SoundStudio;

/// <summary>What the wire asks for, as an order.</summary>
public static class StudioOrder
{
    /// <exception cref="InputFault">Something is out of range that can be told without the video.</exception>
    public static void ThrowIfInvalid(GenerateOptions? wanted, StudioEnvironment? environment)
    {
        GenerateLimits.ThrowUnlessInRange(wanted ?? throw InputFault.Invalid("options", "must be given, but are absent"));
        if (environment is null)
            return;
        InputFault.ThrowIfAny(GenerateLimits.Faults(environment.Prompt, environment.Seed, steps: null, guidanceScale: null, eta: null));
        InputFault.ThrowUnlessInRange("decibels", environment.Decibels, -60, 12);
    }

    /// <param name="wanted">As AudioDiffusion takes them.</param>
    /// <param name="curve">Drawn by the caller, or null.</param>
    /// <param name="edits">Applied in order.</param>
    /// <param name="environment">What is behind the sound, or null.</param>
    /// <param name="video">Its file.</param>
    /// <param name="facts">Of the video.</param>
    /// <param name="known">What its picture promises, if that is known.</param>
    /// <exception cref="InputFault">A curve or an edit does not fit.</exception>
    public static SoundOrder Of(
        GenerateOptions wanted, EnergyCurve? curve, IEnumerable<CurveEdit> edits, StudioEnvironment? environment, string video, VideoFacts facts, KnownEnergy? known)
    {
        var asked = edits.Select(edit => edit.ToEdit()).ToList();
        InputFault.ThrowIfAny([.. asked.SelectMany(edit => edit.Faults(KnownEnergy.CountFor(ClipTiming.SamplesIn(facts.Duration))))]);
        return new()
        {
            Video = video,
            Facts = facts,
            Prompt = wanted.Prompt,
            Seed = (long)wanted.Seed,
            Steps = wanted.Steps == 0 ? null : wanted.Steps,
            GuidanceScale = wanted.GuidanceScale == 0 ? null : wanted.GuidanceScale,
            Eta = wanted.HasEta ? wanted.Eta : null,
            Sampling = SamplingChoice.Of(wanted),
            Energy = curve is null ? known : new KnownEnergy(curve.ToCurve(), facts.ToVideoInfo()) { Descriptors = PredictedDescriptors.None with { Cuts = known?.Descriptors.Cuts ?? [] }, CutsOfPicture = known is null },
            Edits = asked,
            Environment = environment is null ? null : new(environment.Prompt, (long)environment.Seed, environment.Decibels),
            Candidates = Math.Max(1, wanted.Candidates),
        };
    }
}
