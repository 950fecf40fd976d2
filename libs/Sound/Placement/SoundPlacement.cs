using Rewas.Clip.Faults;

namespace Rewas.Sound.Placement;

/// <summary>
/// Places recordings under an energy curve. If the recordings consist of separate sounds and the curve has matching attacks, each attack
/// gets one sound. Otherwise the recordings are cut into runs that follow the curve. A gain over time then moves the result to the curve.
/// The recordings are measured once, for any number of curves. Thread-safe.
/// </summary>
public sealed class SoundPlacement
{
    /// <summary>Most recordings at once.</summary>
    public const int MaximumRecordings = 500;

    /// <summary>Least correlation of placed one-shots with the curve. Below it, the curve asks for a continuous sound.</summary>
    const double OneShotCorrelation = 0.9;

    const int GainRounds = 2; // the second round corrects what the slopes of the first one leave

    /// <summary>Positions are whole multiples of 0.1 ms, so that their text in a sidecar is exact.</summary>
    const int PositionDigits = 4;

    readonly List<RecordingAnalysis> analysed;
    readonly IReadOnlyList<RecordedSamples> recordings;

    /// <param name="recordings">Takes of one sound, or several alternatives.</param>
    /// <exception cref="InputFault">No or too many recordings.</exception>
    public SoundPlacement(IReadOnlyList<RecordedSamples> recordings)
    {
        if (recordings.Count is 0 or > MaximumRecordings)
            throw InputFault.Invalid("recordings", $"must be 1 to {MaximumRecordings}, but are {recordings.Count}");
        this.recordings = recordings;
        analysed = [.. recordings.Select(recording => new RecordingAnalysis(recording))];
    }

    /// <summary>Measures the recordings and places them under one curve.</summary>
    /// <exception cref="InputFault">As the constructor and <see cref="Place(ReadOnlySpan{float}, PlacementOptions)"/>.</exception>
    public static IReadOnlyList<PlacedPiece> Place(
        IReadOnlyList<RecordedSamples> recordings, ReadOnlySpan<float> curve, PlacementOptions? options = null)
    {
        ThrowIfWrong(curve, options ?? new());
        return new SoundPlacement(recordings).Place(curve, options);
    }

    /// <param name="curve">Mean log mel, nepers, 100 values per second.</param>
    /// <returns>Pieces in order of position. They may overlap.</returns>
    /// <exception cref="InputFault">An empty curve, a value that is not finite, or an option out of range.</exception>
    public IReadOnlyList<PlacedPiece> Place(ReadOnlySpan<float> curve, PlacementOptions? options = null)
    {
        options ??= new();
        ThrowIfWrong(curve, options);
        if (AudibleParts.Of(curve).Count == 0)
            return [];
        var asked = curve.ToArray();
        return (options.Separate == false ? null : OneShots(asked, options)) ?? Continuous(asked, options);
    }

    /// <summary>Whether separate sounds are placed under a curve, and not a continuous one.</summary>
    /// <exception cref="InputFault">As <see cref="Place(ReadOnlySpan{float}, PlacementOptions)"/>.</exception>
    public bool AreSeparate(ReadOnlySpan<float> curve, PlacementOptions? options = null)
    {
        ThrowIfWrong(curve, options ?? new());
        return AudibleParts.Of(curve).Count > 0 && OneShots(curve.ToArray(), options ?? new()) is not null;
    }

    bool AreShort => analysed.TrueForAll(recording => recording.IsShort);

    static void ThrowIfWrong(ReadOnlySpan<float> curve, PlacementOptions options)
    {
        options.Validate();
        if (curve.IsEmpty)
            throw InputFault.Invalid("curve", "must have at least 1 value, but has none");
        if (FiniteSamples.HasOthers(curve))
            throw InputFault.Invalid("curve", "every value must be a finite number, but one is not");
    }

    /// <summary>Null if the curve asks for a continuous sound.</summary>
    List<PlacedPiece>? OneShots(float[] curve, PlacementOptions options)
    {
        var attacks = CurveRise.Find(curve);
        var placement = new OneShotPlacement(analysed, options);
        if (!placement.HasTakes || attacks.Count == 0)
            return null;
        var pieces = Sorted(placement.Place(curve, attacks), curve);
        var made = Render(pieces, curve.Length);
        var gain = GainFollowing.Missing(curve, made, options.MostGain, options.MostAttenuation);
        GainFollowing.HoldAttacks(gain, attacks);
        var placed = GainFollowing.Apply(pieces, gain, recordings);
        var isAsked = options.Separate == true || (options.KeepShortWhole && AreShort);
        return isAsked || Follows(curve, Render(placed, curve.Length)) ? placed : null;
    }

    List<PlacedPiece> Continuous(float[] curve, PlacementOptions options)
    {
        var pieces = Sorted(new ContinuousPlacement(analysed, options).Place(curve), curve);
        var gain = new float[curve.Length];
        var placed = pieces;
        for (var round = 0; round < GainRounds; round++)
        {
            var missing = GainFollowing.Missing(curve, Render(placed, curve.Length), options.MostGain, options.MostAttenuation);
            for (var frame = 0; frame < gain.Length; frame++)
                gain[frame] = Math.Clamp(gain[frame] + missing[frame], -options.MostAttenuation, options.MostGain);
            placed = GainFollowing.Apply(pieces, gain, recordings);
        }
        return placed;
    }

    static bool Follows(float[] curve, float[] made)
    {
        const int Reach = 4;                                                 // frames: both are averaged over 90 ms
        var (smoothCurve, smoothMade) = (Frames.Smooth(curve, Reach), Frames.Smooth(GainFollowing.EnergyOf(made, curve.Length), Reach));
        return Correlation.Pearson(smoothCurve, smoothMade) >= OneShotCorrelation;
    }

    List<PlacedPiece> Sorted(List<PlacedPiece> pieces, float[] curve) =>
        [
            .. AudibleParts.Cut(pieces, curve, recordings)
                .Select(piece => piece with { Position = Math.Round(piece.Position, PositionDigits) })
                .OrderBy(piece => piece.Position),
        ];

    float[] Render(List<PlacedPiece> pieces, int frames) =>
        new PieceRenderer(pieces, recordings, analysed.ConvertAll(recording => recording.Wave)).RenderMono(frames * Frames.Hop);
}
