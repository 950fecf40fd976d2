using Rewas.Curves.Edits;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Protocol;

namespace Rewas.Client;

/// <summary>Takes the waveform as it is made: mono samples in [-1, 1] at 16 kHz, in order.</summary>
public delegate ValueTask WaveSink(ReadOnlyMemory<float> samples, CancellationToken cancellation);

/// <summary>Sound for a video from a text.</summary>
public sealed record GenerateRequest
{
    public required VideoSource Video { get; init; }

    /// <summary>What to hear, 1 to 2000 characters.</summary>
    public required string Prompt { get; init; }

    /// <summary>Where the sound goes.</summary>
    public required WaveSink Sink { get; init; }

    /// <summary>Where further candidates go, sampled in the same batch with noise of their own; at most 7.</summary>
    public IReadOnlyList<WaveSink> FurtherSinks { get; init; } = [];

    /// <summary>Rendered instead of the energy that the picture promises; the video is then not read, unless to find its cuts in the cache.</summary>
    public KnownEnergy? Energy { get; init; }

    /// <summary>Changes to the energy, in order. The first sound then waits for the energy of the whole video.</summary>
    public IReadOnlyList<CurveEdit> Edits { get; init; } = [];

    /// <summary>0 to 2^32 - 1. The same seed gives the same sound.</summary>
    public long Seed { get; init; }

    /// <summary>Sampling steps, 1 to 1000; the bundle's default if null.</summary>
    public int? Steps { get; init; }

    /// <summary>Classifier-free guidance, 1 to 30; the bundle's default if null.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>Noise per DDIM step, 0 to 1; the bundle's default if null.</summary>
    public double? Eta { get; init; }

    /// <summary>Sampler, spacing, negative prompt and the finer points of guidance; the bundle's defaults if nothing is said.</summary>
    public SamplingChoice Sampling { get; init; } = new();

    /// <summary>Everything must be done in this time, 1 ms to 7 days. It is the deadline of every call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <exception cref="InputFault">Tells everything that is out of range at once.</exception>
    public void ThrowIfInvalid() =>
        InputFault.ThrowIfAny([.. GenerateLimits.Faults(Prompt, Seed, Steps, GuidanceScale, Eta), .. Sampling.Faults(), .. Timeouts.Faults(Timeout), .. Energy?.Faults(Edits, Sampling.Control) ?? [], .. EditFaults(), .. CandidateFaults()]);

    IEnumerable<InputFault> CandidateFaults()
    {
        if (FurtherSinks.Count >= GenerateLimits.MaximumCandidates)
            yield return InputFault.Invalid("candidates", $"must be from 1 to {GenerateLimits.MaximumCandidates}, but is {FurtherSinks.Count + 1}");
    }

    IEnumerable<InputFault> EditFaults()
    {
        if (Edits.Count > 0 && Sampling.Control is ControlNames.Onset or ControlNames.TextOnly)
            yield return InputFault.Invalid("edits", $"change the energy, which control '{Sampling.Control}' does not use");
    }
}

/// <summary>The energy that a video's picture promises.</summary>
public sealed record EnergyRequest
{
    public required VideoSource Video { get; init; }

    /// <summary>Takes the features of each segment as it comes, in order. The video is then encoded even if its energy is in the cache.</summary>
    public Action<V1.SegmentFeatures>? Features { get; init; }

    /// <summary>Everything must be done in this time, 1 ms to 7 days. It is the deadline of every call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <exception cref="InputFault">The timeout is out of range.</exception>
    public void ThrowIfInvalid() => InputFault.ThrowIfAny([.. Timeouts.Faults(Timeout)]);
}

static class Timeouts
{
    static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan Maximum = TimeSpan.FromDays(7);

    public static IEnumerable<InputFault> Faults(TimeSpan timeout)
    {
        if (timeout < Minimum || timeout > Maximum)
            yield return InputFault.Invalid("timeout", $"must be from {Minimum} to {Maximum}, but is {timeout}");
    }
}
