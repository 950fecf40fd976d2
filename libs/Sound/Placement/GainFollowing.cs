using Rewas.Sound.Mel;

namespace Rewas.Sound.Placement;

/// <summary>The gain over time that moves the placed sound to the curve.</summary>
static class GainFollowing
{
    const float Negligible = 0.02f;                                          // 0.2 dB in nepers; smaller gains leave the samples unchanged

    /// <summary>Missing energy of each frame, nepers, within the limits.</summary>
    /// <param name="curve">Requested energy.</param>
    /// <param name="made">Placed sound at 16 kHz; at least as long.</param>
    /// <param name="most">Largest gain, nepers.</param>
    /// <param name="least">Largest attenuation, nepers.</param>
    /// <param name="tokens">The curve's tokens; null if it has none. A curve of tokens says nothing about single frames.</param>
    public static float[] Missing(ReadOnlySpan<float> curve, float[] made, float most, float least, TokenCurve? tokens)
    {
        const int Reach = 4;                                                 // frames: no step from one token to the next
        var energy = Frames.Smooth(EnergyOf(made, curve.Length), reach: 1);
        if (tokens is not null)
            energy = tokens.Resolve(energy);
        var missing = new float[curve.Length];
        for (var frame = 0; frame < missing.Length; frame++)
            missing[frame] = Math.Clamp(curve[frame] - energy[frame], -least, most);
        if (tokens is null)
            return missing;
        var smooth = Frames.Smooth(missing, Reach);
        for (var frame = 0; frame < missing.Length; frame++)
            if (tokens.Holds(frame))
                missing[frame] = smooth[frame];
        return missing;
    }

    /// <summary>
    /// Mean log mel of each frame, [frames]. The mel is made minute by minute, because padding and mel of a long sound take much memory.
    /// </summary>
    public static float[] EnergyOf(float[] wave, int frames)
    {
        const int Part = 60 * Frames.PerSecond, Context = 3;                 // frames; a frame reaches 432 samples beyond its hop
        if (wave.Length < MelSpectrogram.LeastSamples)
            wave = [.. wave, .. new float[MelSpectrogram.LeastSamples - wave.Length]];
        var energy = new float[frames];
        energy.AsSpan().Fill(SilenceFloor.LogMel);
        var made = MelSpectrogram.FramesIn(wave.Length);
        for (var first = 0; first < Math.Min(made, frames); first += Part)
        {
            var (from, until) = (Math.Max(0, first - Context), Math.Min(first + Part + Context, made));
            // The last part ends with the wave, so that the padding of the whole applies.
            var part = wave.AsSpan((from * Frames.Hop)..(until < made ? until * Frames.Hop : wave.Length));
            var count = Math.Min(Math.Min(first + Part, made), frames) - first;
            Energy.OfLogMel(MelSpectrogram.LogMel(part)).AsSpan(first - from, count).CopyTo(energy.AsSpan(first));
        }
        return energy;
    }

    /// <summary>
    /// Sets the gain to zero round attacks, so that each keeps its shape. Only what follows is adjusted to the curve. In tokens, the gain
    /// changes so slowly that attacks keep their shape anyway.
    /// </summary>
    public static void HoldAttacks(float[] gain, List<CurveRise> attacks, TokenCurve? tokens)
    {
        const int Before = 4, After = 6;                                     // frames in which an attack is audible
        foreach (var attack in attacks.Where(attack => tokens?.Holds(Math.Min((int)attack.Frame, gain.Length - 1)) != true))
            for (var frame = Math.Max(0, (int)attack.Frame - Before); frame < Math.Min(gain.Length, (int)attack.Frame + After); frame++)
                gain[frame] = 0;
    }

    /// <summary>Adds the gain of the whole sound to the pieces' gain curves.</summary>
    /// <param name="pieces">Without gain curves.</param>
    /// <param name="gain">Gain of each frame, nepers.</param>
    public static List<PlacedPiece> Apply(List<PlacedPiece> pieces, float[] gain, IReadOnlyList<RecordedSamples> recordings) =>
        pieces.ConvertAll(piece => piece with
        {
            GainCurve = Points(piece.Position, piece.Duration(recordings[piece.Recording].SampleRate), gain),
        });

    static List<GainPoint> Points(double position, double lasts, float[] gain)
    {
        var points = new List<GainPoint>();
        var first = Math.Max(0, (int)(position * Frames.PerSecond) - 1);
        for (var frame = first; frame < gain.Length && Frames.Seconds(frame - 1) <= position + lasts; frame++)
        {
            var factor = Math.Abs(gain[frame]) <= Negligible ? 1 : MathF.Exp(gain[frame]);
            var point = new GainPoint(Frames.Seconds(frame + 0.5) - position, factor);     // the middle of a mel frame
            if (points.Count > 1 && points[^1].Gain == factor && points[^2].Gain == factor)
                points[^1] = point;                                          // a stretch of constant gain needs only its ends
            else
                points.Add(point);
        }
        return points;
    }
}
