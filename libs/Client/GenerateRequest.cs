using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;

namespace Rewas.Client;

/// <summary>Receives the waveform as it is made: mono samples in [-1, 1] at 16 kHz, in order.</summary>
public delegate ValueTask WaveSink(ReadOnlyMemory<float> samples, CancellationToken cancellation);

/// <summary>
/// The sound from which sampling starts: natural-log mel of 512 frames, [512 * 64]. A replica that takes over asks for windows again, so
/// the same window must always be the same.
/// </summary>
/// <param name="window">From 0; windows follow each other without overlap. Past the end of the sound is silence.</param>
/// <param name="candidate">From 0.</param>
public delegate float[] StartMel(int window, int candidate);

/// <summary>A request for the sound of a video from a text prompt.</summary>
public sealed record GenerateRequest
{
    public required VideoSource Video { get; init; }

    /// <summary>The prompt and the sampling options. The client sets candidates and frames.</summary>
    public required V1.GenerateOptions Options { get; init; }

    /// <summary>Receives the sound.</summary>
    public required WaveSink Sink { get; init; }

    /// <summary>Sinks of further candidates, at most 7. They are sampled in the same batch, each with its own noise.</summary>
    public IReadOnlyList<WaveSink> FurtherSinks { get; init; } = [];

    /// <summary>
    /// Used instead of the energy predicted from the picture. The video is then not read, except to find its cuts in the cache.
    /// </summary>
    public KnownEnergy? Energy { get; init; }

    /// <summary>
    /// The sound from which sampling starts, at the level of the options' reference_strength. Null: the options' reference_strength is not
    /// used.
    /// </summary>
    public StartMel? Start { get; init; }

    /// <summary>Edits of the energy, in order. With edits, the first sound waits for the energy of the whole video.</summary>
    public IReadOnlyList<CurveEdit> Edits { get; init; } = [];

    /// <summary>Time limit of the whole request, 1 ms to 7 days. It is the deadline of every call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <exception cref="InputFault">Lists every option that is out of range.</exception>
    public void ThrowIfInvalid() =>
        InputFault.ThrowIfAny(
        [
            .. OrderCheck.Faults(new() { Options = ToSend() }), .. StartFaults(), .. Timeouts.Faults(Timeout),
            .. Energy?.Faults(Edits, Options.Control) ?? [], .. EditFaults(),
        ]);

    /// <summary>A copy for the stage, with one candidate for each sink.</summary>
    internal V1.GenerateOptions ToSend()
    {
        var options = new V1.GenerateOptions(Options) { Candidates = 1 + FurtherSinks.Count };
        if (Start is null)
            options.ClearReferenceStrength();
        return options;
    }

    IEnumerable<InputFault> StartFaults()
    {
        if (Start is not null && !Options.HasReferenceStrength)
            yield return InputFault.Invalid("reference-strength", "must be given with a sound to start from, but is absent");
    }

    IEnumerable<InputFault> EditFaults()
    {
        if (Edits.Count > 0 && Options.Control is ControlNames.Onset or ControlNames.TextOnly)
            yield return InputFault.Invalid("edits", $"change the energy, which control '{Options.Control}' does not use");
    }
}

/// <summary>A request for the energy predicted from a video's picture.</summary>
public sealed record EnergyRequest
{
    public required VideoSource Video { get; init; }

    /// <summary>
    /// Receives the features of each segment in order, as they arrive. The video is then encoded even if its energy is cached.
    /// </summary>
    public Action<V1.SegmentFeatures>? Features { get; init; }

    /// <summary>Time limit of the whole request, 1 ms to 7 days. It is the deadline of every call.</summary>
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
