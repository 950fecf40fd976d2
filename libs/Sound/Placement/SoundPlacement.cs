using Rewas.Clip.Faults;

namespace Rewas.Sound.Placement;

/// <summary>
/// Places recordings under an energy curve. If the recordings consist of separate sounds and the curve has matching attacks, each attack
/// gets one sound. Otherwise the recordings are cut into runs that follow the curve. A gain over time then moves the result to the curve.
/// </summary>
public static class SoundPlacement
{
    /// <summary>Most recordings at once.</summary>
    public const int MaximumRecordings = 500;

    /// <summary>Least correlation of placed one-shots with the curve. Below it, the curve asks for a continuous sound.</summary>
    const double OneShotCorrelation = 0.9;

    const int GainRounds = 2; // the second round corrects what the slopes of the first one leave

    /// <param name="recordings">Takes of one sound, or several alternatives.</param>
    /// <param name="curve">Mean log mel, nepers, 100 values per second.</param>
    /// <returns>Pieces in order of position. They may overlap.</returns>
    /// <exception cref="InputFault">No or too many recordings, an empty curve, or a value that is not finite.</exception>
    public static IReadOnlyList<PlacedPiece> Place(
        IReadOnlyList<Recording> recordings, ReadOnlySpan<float> curve, PlacementOptions? options = null)
    {
        options ??= new();
        options.Validate();
        if (recordings.Count is 0 or > MaximumRecordings)
            throw InputFault.Invalid("recordings", $"must be 1 to {MaximumRecordings}, but are {recordings.Count}");
        if (curve.IsEmpty)
            throw InputFault.Invalid("curve", "must have at least 1 value, but has none");
        if (FiniteSamples.HasOthers(curve))
            throw InputFault.Invalid("curve", "every value must be a finite number, but one is not");

        if (AudibleParts.Of(curve).Count == 0)
            return [];
        var asked = curve.ToArray();
        var analysed = recordings.Select(recording => new RecordingAnalysis(recording)).ToList();
        var attacks = CurveRise.Find(asked);
        return OneShots(analysed, asked, attacks, options) ?? Continuous(analysed, asked, options);
    }

    static List<PlacedPiece>? OneShots(List<RecordingAnalysis> recordings, float[] curve, List<CurveRise> attacks, PlacementOptions options)
    {
        var placement = new OneShotPlacement(recordings, options);
        if (!placement.HasTakes || attacks.Count == 0)
            return null;
        var pieces = Sorted(placement.Place(curve, attacks), curve, recordings);
        var made = Render(pieces, recordings, curve.Length);
        var gain = GainFollowing.Missing(curve, made, options.MostGain, options.MostAttenuation);
        GainFollowing.HoldAttacks(gain, attacks);
        var placed = GainFollowing.Apply(pieces, gain, Sources(recordings));
        return Follows(curve, Render(placed, recordings, curve.Length)) ? placed : null;
    }

    static List<PlacedPiece> Continuous(List<RecordingAnalysis> recordings, float[] curve, PlacementOptions options)
    {
        var pieces = Sorted(new ContinuousPlacement(recordings, options.Seed).Place(curve), curve, recordings);
        var gain = new float[curve.Length];
        var placed = pieces;
        for (var round = 0; round < GainRounds; round++)
        {
            var missing = GainFollowing.Missing(curve, Render(placed, recordings, curve.Length), options.MostGain, options.MostAttenuation);
            for (var frame = 0; frame < gain.Length; frame++)
                gain[frame] = Math.Clamp(gain[frame] + missing[frame], -options.MostAttenuation, options.MostGain);
            placed = GainFollowing.Apply(pieces, gain, Sources(recordings));
        }
        return placed;
    }

    static bool Follows(float[] curve, float[] made)
    {
        const int Reach = 4;                                                 // frames: both are averaged over 90 ms
        var (smoothCurve, smoothMade) = (Frames.Smooth(curve, Reach), Frames.Smooth(GainFollowing.EnergyOf(made, curve.Length), Reach));
        return Correlation.Pearson(smoothCurve, smoothMade) >= OneShotCorrelation;
    }

    static List<PlacedPiece> Sorted(List<PlacedPiece> pieces, float[] curve, List<RecordingAnalysis> recordings) =>
        [.. AudibleParts.Cut(pieces, curve, Sources(recordings)).OrderBy(piece => piece.Position)];

    static float[] Render(List<PlacedPiece> pieces, List<RecordingAnalysis> recordings, int frames) =>
        new PieceRenderer(pieces, Sources(recordings), recordings.ConvertAll(recording => recording.Wave)).RenderMono(frames * Frames.Hop);

    static List<Recording> Sources(List<RecordingAnalysis> recordings) => recordings.ConvertAll(recording => recording.Recording);
}
