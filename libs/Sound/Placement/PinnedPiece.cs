namespace Rewas.Sound.Placement;

/// <summary>A piece that stays where a user pinned it.</summary>
static class PinnedPiece
{
    /// <summary>The piece. What a recording does not have is left out.</summary>
    public static PlacedPiece Of(PieceChoice pin, float gain, double fadeIn, double fadeOut, RecordedSamples recording)
    {
        var start = Math.Clamp(pin.SourceStart, 0, recording.Length);
        var length = Math.Clamp(pin.SourceLength, 0, recording.Length - start);
        var piece = new PlacedPiece(pin.Recording, start, length, pin.Position, pin.SpeedPercent, gain, [], fadeIn, fadeOut);
        var lasts = piece.Duration(recording.SampleRate);
        return piece with { FadeIn = Math.Min(fadeIn, lasts / 2), FadeOut = Math.Min(fadeOut, lasts / 2) };
    }

    /// <summary>Cuts pieces so that they leave room for a pinned one, with crossfades at its ends, and adds it.</summary>
    /// <param name="pieces">Pieces of a continuous sound.</param>
    /// <param name="fade">Length of a crossfade, seconds.</param>
    public static List<PlacedPiece> Insert(
        List<PlacedPiece> pieces, PieceChoice pin, double fade, IReadOnlyList<RecordedSamples> recordings)
    {
        var pinned = Of(pin, gain: 1, fade, fade, recordings[pin.Recording]);
        var end = pinned.Position + pinned.Duration(recordings[pin.Recording].SampleRate);
        var room = new List<PlacedPiece>();
        foreach (var piece in pieces)
        {
            var rate = recordings[piece.Recording].SampleRate;
            if (PieceCut.To(piece, double.NegativeInfinity, pinned.Position + pinned.FadeIn, rate, pinned.FadeIn) is { } before)
                room.Add(before);
            if (PieceCut.To(piece, end - pinned.FadeOut, double.PositiveInfinity, rate, pinned.FadeOut) is { } after)
                room.Add(after);
        }
        room.Add(pinned);
        return room;
    }
}
