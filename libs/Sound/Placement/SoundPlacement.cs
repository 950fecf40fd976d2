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

    /// <summary>
    /// Least correlation of placed one-shots with the curve. Below it, the curve asks for a continuous sound. Hits and clicks cannot fill a
    /// curve. A lower one is enough for them if nearly all that is loud in the curve is near its attacks.
    /// </summary>
    const double OneShotCorrelation = 0.9, HitCorrelation = 0.75, CoveredShare = 0.7;

    /// <summary>Longest sum of all pinned pieces, seconds. They may overlap, and each is mixed and follows the curve.</summary>
    const double MostPinned = 3600;

    const int GainRounds = 2; // the second round corrects what the slopes of the first one leave

    /// <summary>Positions are whole multiples of 0.1 ms, so that their text in a sidecar is exact.</summary>
    const int PositionDigits = 4;

    readonly List<RecordingAnalysis> analysed;
    readonly IReadOnlyList<RecordedSamples> recordings;

    /// <param name="recordings">Takes of one sound, or several alternatives.</param>
    /// <param name="cancellation">Ends the measuring after the recording that is being measured.</param>
    /// <exception cref="InputFault">No or too many recordings.</exception>
    public SoundPlacement(IReadOnlyList<RecordedSamples> recordings, CancellationToken cancellation = default)
    {
        if (recordings.Count is 0 or > MaximumRecordings)
            throw InputFault.Invalid("recordings", $"must be 1 to {MaximumRecordings}, but are {recordings.Count}");
        this.recordings = recordings;
        analysed = [.. recordings.Select(recording =>
        {
            cancellation.ThrowIfCancellationRequested();
            return new RecordingAnalysis(recording);
        })];
    }

    /// <summary>Measures the recordings and places them under one curve.</summary>
    /// <exception cref="InputFault">
    /// As the constructor and <see cref="Place(ReadOnlySpan{float}, PlacementOptions, CancellationToken)"/>.
    /// </exception>
    public static IReadOnlyList<PlacedPiece> Place(
        IReadOnlyList<RecordedSamples> recordings, ReadOnlySpan<float> curve, PlacementOptions? options = null)
    {
        ThrowIfWrong(curve, options ?? new());
        return new SoundPlacement(recordings).Place(curve, options);
    }

    /// <param name="curve">Mean log mel, nepers, 100 values per second.</param>
    /// <param name="cancellation">Ends the placement: many takes under a long curve take minutes.</param>
    /// <returns>Pieces in order of position. They may overlap.</returns>
    /// <exception cref="InputFault">
    /// An empty curve, a value that is not finite, an option out of range, pins that last too long, or a curve with too many silences.
    /// </exception>
    public IReadOnlyList<PlacedPiece> Place(
        ReadOnlySpan<float> curve, PlacementOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        ThrowIfWrong(curve, options);
        ThrowIfTooMuchIsPinned(options.Pinned, Frames.Seconds(curve.Length));
        if (AudibleParts.Of(curve).Count == 0)
            return [];
        var asked = curve.ToArray();
        return (options.Separate == false ? null : OneShots(asked, options, cancellation)) ?? Continuous(asked, options, cancellation);
    }

    /// <summary>Whether separate sounds are placed under a curve, and not a continuous one.</summary>
    /// <exception cref="InputFault">As <see cref="Place(ReadOnlySpan{float}, PlacementOptions, CancellationToken)"/>.</exception>
    public bool AreSeparate(ReadOnlySpan<float> curve, PlacementOptions? options = null, CancellationToken cancellation = default)
    {
        ThrowIfWrong(curve, options ?? new());
        return AudibleParts.Of(curve).Count > 0 && OneShots(curve.ToArray(), options ?? new(), cancellation) is not null;
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

    void ThrowIfTooMuchIsPinned(IReadOnlyList<PieceChoice> pinned, double lasts)
    {
        var total = pinned.Sum(pin => Math.Min(
            lasts, PinnedPiece.Of(pin, 1, 0, 0, recordings[pin.Recording]).Duration(recordings[pin.Recording].SampleRate)));
        if (total > MostPinned)
            throw InputFault.Exhausted("pin", FormattableString.Invariant(
                $"all pinned pieces together must last at most {MostPinned} s, but last {total:0} s"));
    }

    /// <summary>Null if the curve asks for a continuous sound.</summary>
    List<PlacedPiece>? OneShots(float[] curve, PlacementOptions options, CancellationToken cancellation)
    {
        var attacks = CurveRise.Find(curve);
        var placement = new OneShotPlacement(analysed, options);
        if (!placement.HasTakes || attacks.Count == 0)
            return null;
        var pieces = Sorted(placement.Place(curve, attacks, cancellation), curve);
        var tokens = TokenCurve.Of(curve);
        var placed = Follow(pieces, curve, tokens, attacks, options, cancellation);
        if (options.Separate == true || (options.KeepShortWhole && AreShort))
            return placed;
        var correlation = Agreement(curve, Render(placed, curve.Length), tokens);
        var covers = placement.AreHits && AttackCover.Share(curve, attacks, tokens) >= CoveredShare;
        return correlation >= (covers ? HitCorrelation : OneShotCorrelation) ? placed : null;
    }

    List<PlacedPiece> Continuous(float[] curve, PlacementOptions options, CancellationToken cancellation) =>
        Follow(
            Sorted(new ContinuousPlacement(analysed, options).Place(curve, cancellation), curve), curve, TokenCurve.Of(curve),
            separate: null, options, cancellation);

    /// <summary>Gives pieces the gain that moves them to the curve.</summary>
    /// <param name="separate">Attacks of separate sounds, which keep their shape; null for a continuous sound.</param>
    List<PlacedPiece> Follow(
        List<PlacedPiece> pieces, float[] curve, TokenCurve? tokens, List<CurveRise>? separate, PlacementOptions options,
        CancellationToken cancellation)
    {
        var gain = new float[curve.Length];
        var placed = pieces;
        // The gain of a hit is constant, so one round is exact. In tokens, hits are adjusted too.
        for (var round = 0; round < (separate is not null && tokens is null ? 1 : GainRounds); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var made = Render(placed, curve.Length);
            var missing = GainFollowing.Missing(curve, made, options.MostGain, options.MostAttenuation, tokens);
            for (var frame = 0; frame < gain.Length; frame++)
                gain[frame] = Math.Clamp(gain[frame] + missing[frame], -options.MostAttenuation, options.MostGain);
            if (separate is not null)
                GainFollowing.HoldAttacks(gain, separate, tokens);
            placed = GainFollowing.Apply(pieces, gain, recordings);
        }
        return placed;
    }

    static double Agreement(float[] curve, float[] made, TokenCurve? tokens)
    {
        const int Reach = 4;                                                 // frames: both are averaged over 90 ms
        var energy = GainFollowing.EnergyOf(made, curve.Length);
        return tokens is null
            ? Correlation.Pearson(Frames.Smooth(curve, Reach), Frames.Smooth(energy, Reach))
            : Correlation.Pearson(curve, tokens.Resolve(energy));
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
