using Rewas.Client;
using Rewas.V1;

namespace Rewas.Rendering;

/// <summary>A recording that a sound starts from, whom to credit for it, and where it lies.</summary>
/// <param name="Label">What is heard.</param>
/// <param name="Caption">In words.</param>
/// <param name="Author">Who recorded it.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Licence">"CC0" or "public domain".</param>
/// <param name="Sha256">Of its encoded file.</param>
/// <param name="Pieces">In order of time.</param>
public sealed record RecordingInSound(
    string Label, string Caption, string Author, string Source, string Licence, string Sha256, IReadOnlyList<RecordingInSound.Piece> Pieces)
{
    /// <summary>The recordings of a result that lie somewhere in its sound; null for none.</summary>
    public static IReadOnlyList<RecordingInSound>? Of(GenerateResult result)
    {
        var used =
            result.Sampler!.Recordings.Select((recording, i) => Of(recording, result.RecordingPieces.Where(piece => piece.Recording == i)))
            .Where(recording => recording.Pieces.Count > 0).ToList();
        return used.Count > 0 ? used : null;
    }

    static RecordingInSound Of(RecordingUsed recording, IEnumerable<RecordingPiece> pieces) => new(
        recording.Label, recording.Caption, recording.Author, recording.Source, recording.Licence, recording.Sha256,
        [.. pieces.Select(piece => new Piece(Rounded(piece.Position), Rounded(piece.SourceStart), Rounded(piece.Seconds)))]);

    static double Rounded(double seconds) => Math.Round(seconds, 4);

    /// <param name="AtSeconds">Of the sound.</param>
    /// <param name="FromSeconds">Of the recording.</param>
    /// <param name="Seconds">Length in the recording.</param>
    public sealed record Piece(double AtSeconds, double FromSeconds, double Seconds);
}
