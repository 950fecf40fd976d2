using Rewas.Sound.Mel;

namespace Rewas.Sound.Placement;

/// <summary>The parts of a curve that are not silent. No sound is placed elsewhere.</summary>
static class AudibleParts
{
    const float Threshold = SilenceFloor.LogMel + 0.5f;
    // Seconds. The lead covers an attack between the last silent frame and the first audible one.
    const double Lead = 0.005, Fade = 0.005;

    /// <summary>The audible parts, in seconds, ascending.</summary>
    public static List<(double Start, double End)> Of(ReadOnlySpan<float> curve)
    {
        var parts = new List<(double, double)>();
        for (var frame = 0; frame < curve.Length; frame++)
        {
            if (curve[frame] <= Threshold)
                continue;
            var start = frame;
            while (frame < curve.Length && curve[frame] > Threshold)
                frame++;
            parts.Add((Math.Max(0, Frames.Seconds(start) - Lead), Frames.Seconds(frame)));
        }
        return parts;
    }

    /// <summary>Cuts pieces to the audible parts.</summary>
    public static List<PlacedPiece> Cut(List<PlacedPiece> pieces, ReadOnlySpan<float> curve, IReadOnlyList<Recording> recordings)
    {
        var parts = Of(curve);
        var cut = new List<PlacedPiece>();
        foreach (var piece in pieces)
        {
            var end = piece.Position + piece.Duration(recordings[piece.Recording].SampleRate);
            foreach (var part in parts)
                if (part.End > piece.Position && part.Start < end
                    && Within(piece, end, part, recordings[piece.Recording].SampleRate) is { } inside)
                    cut.Add(inside);
        }
        return cut;
    }

    static PlacedPiece? Within(PlacedPiece piece, double end, (double Start, double End) part, int sampleRate)
    {
        var perSecond = sampleRate * piece.SpeedPercent / 100.0;             // source samples per second of the sound
        var skipped = piece.Position < part.Start ? (long)Math.Ceiling((part.Start - piece.Position) * perSecond) : 0;
        var left = end > part.End ? Math.Min(piece.SourceLength, (long)((part.End - piece.Position) * perSecond)) : piece.SourceLength;
        if (left <= skipped)
            return null;
        var lasts = (left - skipped) / perSecond;
        return piece with
        {
            SourceStart = piece.SourceStart + skipped,
            SourceLength = left - skipped,
            Position = piece.Position + skipped / perSecond,
            FadeIn = Math.Min(skipped > 0 ? Fade : piece.FadeIn, lasts / 2),
            FadeOut = Math.Min(left < piece.SourceLength ? Fade : piece.FadeOut, lasts / 2),
            SourceAttack = piece.SourceAttack >= piece.SourceStart + skipped ? piece.SourceAttack : null,
        };
    }
}
