using Rewas.Audio;

namespace Rewas.Placement;

/// <summary>A gain over time that brings what was placed to the curve.</summary>
static class GainFollowing
{
    const float Negligible = 0.02f;                                          // nepers, 0.2 dB: then the samples stay as they are

    /// <summary>What is missing to the curve at each frame, nepers, within what is allowed.</summary>
    /// <param name="curve">What was asked for.</param>
    /// <param name="made">What was placed, at 16 kHz; at least as long.</param>
    /// <param name="most">Most gain, nepers.</param>
    /// <param name="least">Most attenuation, nepers.</param>
    public static float[] Missing(ReadOnlySpan<float> curve, float[] made, float most, float least)
    {
        var energy = Frames.Smooth(EnergyOf(made, curve.Length), reach: 1);
        var missing = new float[curve.Length];
        for (var frame = 0; frame < missing.Length; frame++)
            missing[frame] = Math.Clamp(curve[frame] - energy[frame], -least, most);
        return missing;
    }

    /// <summary>Mean log mel of each frame, [frames].</summary>
    public static float[] EnergyOf(float[] wave, int frames)
    {
        if (wave.Length < MelSpectrogram.LeastSamples)
            wave = [.. wave, .. new float[MelSpectrogram.LeastSamples - wave.Length]];
        var energy = Energy.OfLogMel(MelSpectrogram.LogMel(wave));
        return energy.Length >= frames ? energy[..frames] : [.. energy, .. Enumerable.Repeat(SilenceFloor.LogMel, frames - energy.Length)];
    }

    /// <summary>Round attacks the gain stands still, so that each keeps its own shape; only what follows is bent to the curve.</summary>
    public static void HoldAttacks(float[] gain, List<CurveRise> attacks)
    {
        const int Before = 4, After = 6;                                     // frames that an attack is heard in
        foreach (var attack in attacks)
            for (var frame = Math.Max(0, (int)attack.Frame - Before); frame < Math.Min(gain.Length, (int)attack.Frame + After); frame++)
                gain[frame] = 0;
    }

    /// <summary>The pieces with the gain of the whole in their gain curves.</summary>
    /// <param name="pieces">Without gain curves.</param>
    /// <param name="gain">Of each frame, nepers.</param>
    /// <param name="recordings">Theirs.</param>
    public static List<PlacedPiece> Apply(List<PlacedPiece> pieces, float[] gain, IReadOnlyList<Recording> recordings) =>
        pieces.ConvertAll(piece => piece with { GainCurve = Points(piece.Position, piece.Duration(recordings[piece.Recording].SampleRate), gain) });

    static List<GainPoint> Points(double position, double lasts, float[] gain)
    {
        var points = new List<GainPoint>();
        var first = Math.Max(0, (int)(position * Frames.PerSecond) - 1);
        for (var frame = first; frame < gain.Length && Frames.Seconds(frame - 1) <= position + lasts; frame++)
        {
            var factor = Math.Abs(gain[frame]) <= Negligible ? 1 : MathF.Exp(gain[frame]);
            var point = new GainPoint(Frames.Seconds(frame + 0.5) - position, factor);     // a frame of the mel has its middle there
            if (points.Count > 1 && points[^1].Gain == factor && points[^2].Gain == factor)
                points[^1] = point;                                          // a stretch of one gain needs its ends alone
            else
                points.Add(point);
        }
        return points;
    }
}
