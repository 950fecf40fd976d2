using Rewas.Client;
using Rewas.V1;

namespace Rewas.Rendering;

/// <summary>A recording that a sound starts from, with its credits and its positions.</summary>
/// <param name="Label">The class of the sound.</param>
/// <param name="Caption">A description in words.</param>
/// <param name="Source">Address or repository.</param>
/// <param name="Licence">"CC0" or "public domain".</param>
/// <param name="Sha256">Hash of the encoded file.</param>
/// <param name="Pieces">Pieces in order of time.</param>
public sealed record RecordingInSound(
    string Label, string Caption, string Author, string Source, string Licence, string Sha256, IReadOnlyList<RecordingInSound.Piece> Pieces)
{
    /// <summary>The recordings that are used somewhere in a result's sound; null for none.</summary>
    public static IReadOnlyList<RecordingInSound>? Of(GenerateResult result)
    {
        var used =
            (result.Sampler?.Recordings ?? [])
            .Select((recording, i) => Of(recording, result.RecordingPieces.Where(piece => piece.Recording == i)))
            .Where(recording => recording.Pieces.Count > 0).ToList();
        return used.Count > 0 ? used : null;
    }

    static RecordingInSound Of(RecordingUsed recording, IEnumerable<RecordingPiece> pieces) => new(
        recording.Label, recording.Caption, recording.Author, recording.Source, recording.Licence, recording.Sha256,
        [.. pieces.Select(piece => new Piece(Rounded(piece.Position), Rounded(piece.SourceStart), Rounded(piece.Seconds)))]);

    static double Rounded(double seconds) => Math.Round(seconds, 4);

    /// <param name="AtSeconds">Position in the sound.</param>
    /// <param name="FromSeconds">Position in the recording.</param>
    /// <param name="Seconds">Length in the recording.</param>
    public sealed record Piece(double AtSeconds, double FromSeconds, double Seconds);
}
