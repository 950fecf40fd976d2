using Rewas.Clip.Faults;
using Rewas.Sound.Mel;

namespace Rewas.Sound.Placement;

/// <summary>The parts of a curve that are not silent. No sound is placed elsewhere.</summary>
static class AudibleParts
{
    /// <summary>Up to here a curve is silent, nepers.</summary>
    public const float Threshold = SilenceFloor.LogMel + 0.5f;

    // Seconds. The lead covers an attack between the last silent frame and the first audible one.
    const double Lead = 0.005, Fade = 0.005;

    /// <summary>Most pieces of a sound: some, and for each second twice the attacks that a curve can have.</summary>
    const int UsualPieces = 2000, MostPerSecond = 25;

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
    /// <exception cref="InputFault">Exhausted: the curve has so many silences that there would be too many pieces.</exception>
    public static List<PlacedPiece> Cut(
        List<PlacedPiece> pieces, ReadOnlySpan<float> curve, IReadOnlyList<RecordedSamples> recordings)
    {
        var (parts, cut) = (Of(curve), new List<PlacedPiece>());
        var most = UsualPieces + MostPerSecond * curve.Length / Frames.PerSecond;
        foreach (var piece in pieces)
        {
            var rate = recordings[piece.Recording].SampleRate;
            var end = piece.Position + piece.Duration(rate);
            for (var part = FirstAfter(piece.Position, parts); part < parts.Count && parts[part].Start < end; part++)
                if (PieceCut.To(piece, parts[part].Start, parts[part].End, rate, Fade) is { } inside)
                    cut.Add(cut.Count < most
                        ? inside
                        : throw InputFault.Exhausted("curve", $"its silences cut the recordings into more than {most} pieces"));
        }
        return cut;
    }

    /// <summary>The first part that ends after a time, by binary search.</summary>
    static int FirstAfter(double seconds, List<(double Start, double End)> parts)
    {
        var (low, high) = (0, parts.Count);
        while (low < high)
            if ((low + high) / 2 is var middle && parts[middle].End > seconds)
                high = middle;
            else
                low = middle + 1;
        return low;
    }
}
