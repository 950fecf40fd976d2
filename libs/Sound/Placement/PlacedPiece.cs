namespace Rewas.Sound.Placement;

/// <summary>A part of a recording at a position in the sound, with everything that a renderer or timeline needs.</summary>
/// <param name="Recording">Index in the given recordings.</param>
/// <param name="SourceStart">First sample of the part, at the recording's rate.</param>
/// <param name="SourceLength">Samples of the part, at the recording's rate.</param>
/// <param name="Position">Start in the sound, seconds.</param>
/// <param name="SpeedPercent">Playback speed in percent; it changes the pitch too. 100 is unchanged.</param>
/// <param name="Gain">Factor of the whole part.</param>
/// <param name="GainCurve">Additional factors over time, linear between points and constant outside them.</param>
/// <param name="FadeIn">Seconds of the rise along a quarter of a sine.</param>
/// <param name="FadeOut">Seconds of the fall along a quarter of a cosine, so that crossfades keep the power.</param>
public sealed record PlacedPiece(
    int Recording,
    long SourceStart,
    long SourceLength,
    double Position,
    int SpeedPercent,
    float Gain,
    IReadOnlyList<GainPoint> GainCurve,
    double FadeIn,
    double FadeOut)
{
    /// <summary>Sample of the recording that is aligned with an attack of the curve, if the part was placed so.</summary>
    public long? SourceAttack { get; init; }

    /// <summary>Duration in the sound, seconds.</summary>
    /// <param name="sampleRate">Rate of its recording.</param>
    public double Duration(int sampleRate) => SourceLength * 100.0 / ((double)sampleRate * SpeedPercent);
}

/// <summary>A point of a gain curve.</summary>
/// <param name="Seconds">From the start of the piece.</param>
/// <param name="Gain">Factor.</param>
public readonly record struct GainPoint(double Seconds, float Gain);
