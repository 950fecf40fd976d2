using Rewas.Clip.Faults;
using Rewas.Sound.Placement;

namespace Rewas.Rendering.References;

/// <summary>Checks the pieces of a sidecar, which its user may have edited.</summary>
static class PieceCheck
{
    const string Field = "sidecar";
    const int MostPieces = 1_000_000, LeastSpeed = 50, MostSpeed = 200;
    const double LongestSound = 24 * 3600, MostGain = 10_000;

    /// <summary>The pieces of each candidate, in order of position.</summary>
    /// <exception cref="InputFault">The pieces do not fit the recordings.</exception>
    public static IReadOnlyList<IReadOnlyList<PlacedPiece>> Checked(
        ReferencesUsed given, IReadOnlyList<ReferenceRecording> recordings, int candidates)
    {
        if (given.Recordings is null || given.Candidates is null || given.Recordings.Contains(null!)
            || given.Candidates.Any(candidate => candidate?.Pieces is null || candidate.Pieces.Any(piece => piece?.GainCurve is null)))
            throw InputFault.Invalid(Field, "its references must have recordings, candidates, pieces and gain curves, but one is missing");
        if (given.Recordings.Count != recordings.Count
            || given.Recordings.Zip(recordings).Any(pair => pair.First.Sha256 != pair.Second.Sha256))
            throw InputFault.Invalid(Field, "its recordings are not those that the pieces refer to");
        if (given.Candidates.Count != candidates || given.Candidates.Sum(candidate => (long)candidate.Pieces.Count) > MostPieces)
            throw InputFault.Invalid(
                Field, $"must have the pieces of {candidates} candidates, at most {MostPieces}, but has those of {given.Candidates.Count}");
        return [.. given.Candidates.Select(candidate => (IReadOnlyList<PlacedPiece>)
        [
            .. candidate.Pieces.Select((piece, i) => Checked(piece, i, recordings)).OrderBy(piece => piece.Position),
        ])];
    }

    static PlacedPiece Checked(PieceUsed piece, int number, IReadOnlyList<ReferenceRecording> recordings)
    {
        if (piece.Recording < 0 || piece.Recording >= recordings.Count)
            throw Fault($"recording must be from 0 to {recordings.Count - 1}, but is {piece.Recording}");
        var length = recordings[piece.Recording].Samples.Length;
        if (piece.SourceStart < 0 || piece.SourceSamples < 0 || piece.SourceStart > length
            || piece.SourceSamples > length - piece.SourceStart)
            throw Fault($"samples {piece.SourceStart} + {piece.SourceSamples} are not in the recording, which has {length}");
        if (piece.SpeedPercent is < LeastSpeed or > MostSpeed)
            throw Fault($"speedPercent must be from {LeastSpeed} to {MostSpeed}, but is {piece.SpeedPercent}");
        if (piece.GainCurve.Count % 2 != 0)
            throw Fault($"gainCurve must have pairs of numbers, but has {piece.GainCurve.Count} numbers");
        if (!(piece.AtSeconds >= 0 && piece.AtSeconds <= LongestSound))
            throw Fault(FormattableString.Invariant($"atSeconds must be from 0 to {LongestSound}, but is {piece.AtSeconds}"));
        if (!IsGain(piece.Gain) || !piece.GainCurve.Where((_, i) => i % 2 == 1).All(IsGain))
            throw Fault($"a gain must be from 0 to {MostGain}, but is not");
        if (!piece.GainCurve.Where((_, i) => i % 2 == 0).All(double.IsFinite)
            || piece.GainCurve.Where((_, i) => i % 2 == 0).Zip(piece.GainCurve.Where((_, i) => i % 2 == 0).Skip(1)).Any(
                pair => pair.Second <= pair.First))
            throw Fault("the times of gainCurve must rise, but do not");
        if (!(piece.FadeInSeconds >= 0 && piece.FadeInSeconds <= LongestSound && piece.FadeOutSeconds >= 0
            && piece.FadeOutSeconds <= LongestSound))
            throw Fault(FormattableString.Invariant($"a fade must be from 0 to {LongestSound} s, but is not"));
        return piece.ToPiece();

        InputFault Fault(string message) => InputFault.Invalid(Field, $"piece {number}: {message}");
    }

    static bool IsGain(float gain) => gain >= 0 && gain <= MostGain;

    static bool IsGain(double gain) => gain >= 0 && gain <= MostGain;
}
