using Rewas.Sound.Mel;

namespace Rewas.Sound.Placement;

/// <summary>The parts of a curve that are not silent. No sound is placed elsewhere.</summary>
static class AudibleParts
{
    /// <summary>Up to here a curve is silent, nepers.</summary>
    public const float Threshold = SilenceFloor.LogMel + 0.5f;

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
    public static List<PlacedPiece> Cut(
        List<PlacedPiece> pieces, ReadOnlySpan<float> curve, IReadOnlyList<RecordedSamples> recordings)
    {
        var parts = Of(curve);
        var cut = new List<PlacedPiece>();
        foreach (var piece in pieces)
            foreach (var part in parts)
                if (PieceCut.To(piece, part.Start, part.End, recordings[piece.Recording].SampleRate, Fade) is { } inside)
                    cut.Add(inside);
        return cut;
    }
}
