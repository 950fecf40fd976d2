namespace Rewas.Sound.Placement;

/// <summary>Cuts a piece to a part of the sound.</summary>
static class PieceCut
{
    /// <param name="start">Start of the part, seconds.</param>
    /// <param name="end">End of the part, seconds.</param>
    /// <param name="sampleRate">Rate of the recording.</param>
    /// <param name="fade">Fade at a new end, seconds.</param>
    /// <returns>Null if nothing is left.</returns>
    public static PlacedPiece? To(PlacedPiece piece, double start, double end, int sampleRate, double fade)
    {
        var perSecond = sampleRate * piece.SpeedPercent / 100.0;             // source samples per second of the sound
        var lastSecond = piece.Position + piece.Duration(sampleRate);
        if (end <= piece.Position || start >= lastSecond)
            return null;
        var skipped = piece.Position < start ? (long)Math.Ceiling((start - piece.Position) * perSecond) : 0;
        var left = lastSecond > end ? Math.Min(piece.SourceLength, (long)((end - piece.Position) * perSecond)) : piece.SourceLength;
        if (left <= skipped)
            return null;
        var lasts = (left - skipped) / perSecond;
        return piece with
        {
            SourceStart = piece.SourceStart + skipped,
            SourceLength = left - skipped,
            Position = piece.Position + skipped / perSecond,
            FadeIn = Math.Min(skipped > 0 ? fade : piece.FadeIn, lasts / 2),
            FadeOut = Math.Min(left < piece.SourceLength ? fade : piece.FadeOut, lasts / 2),
            SourceAttack = piece.SourceAttack >= piece.SourceStart + skipped ? piece.SourceAttack : null,
        };
    }
}
