using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;

namespace Rewas.Client;

/// <summary>Takes the waveform as it is made: mono samples in [-1, 1] at 16 kHz, in order.</summary>
public delegate ValueTask WaveSink(ReadOnlyMemory<float> samples, CancellationToken cancellation);

/// <summary>Sound for a video from a text.</summary>
public sealed record GenerateRequest
{
    public required VideoSource Video { get; init; }

    /// <summary>What to hear, and how it is sampled. Candidates and frames are set by the client.</summary>
    public required V1.GenerateOptions Options { get; init; }

    /// <summary>Where the sound goes.</summary>
    public required WaveSink Sink { get; init; }

    /// <summary>Where further candidates go, sampled in the same batch with noise of their own; at most 7.</summary>
    public IReadOnlyList<WaveSink> FurtherSinks { get; init; } = [];

    /// <summary>
    /// Rendered instead of the energy that the picture promises; the video is then not read, unless to find its cuts in the cache.
    /// </summary>
    public KnownEnergy? Energy { get; init; }

    /// <summary>Changes to the energy, in order. The first sound then waits for the energy of the whole video.</summary>
    public IReadOnlyList<CurveEdit> Edits { get; init; } = [];

    /// <summary>Everything must be done in this time, 1 ms to 7 days. It is the deadline of every call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <exception cref="InputFault">Tells everything that is out of range at once.</exception>
    public void ThrowIfInvalid() =>
        InputFault.ThrowIfAny(
        [.. OrderCheck.Faults(new() { Options = ToSend() }), .. Timeouts.Faults(Timeout), .. Energy?.Faults(Edits, Options.Control) ?? [],
            .. EditFaults()]);

    /// <summary>A copy for the stage, with a candidate for each sink.</summary>
    internal V1.GenerateOptions ToSend() => new(Options) { Candidates = 1 + FurtherSinks.Count };

    IEnumerable<InputFault> EditFaults()
    {
        if (Edits.Count > 0 && Options.Control is ControlNames.Onset or ControlNames.TextOnly)
            yield return InputFault.Invalid("edits", $"change the energy, which control '{Options.Control}' does not use");
    }
}

/// <summary>The energy that a video's picture promises.</summary>
public sealed record EnergyRequest
{
    public required VideoSource Video { get; init; }

    /// <summary>
    /// Takes the features of each segment as it comes, in order. The video is then encoded even if its energy is in the cache.
    /// </summary>
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
