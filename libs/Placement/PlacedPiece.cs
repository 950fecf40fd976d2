namespace Rewas.Placement;

/// <summary>A part of a recording at a place of the sound: all that a renderer or a timeline needs.</summary>
/// <param name="Recording">Index among the recordings that were given.</param>
/// <param name="SourceStart">First sample of the part, at the recording's own rate.</param>
/// <param name="SourceLength">Samples of the part, at the recording's own rate.</param>
/// <param name="Position">Where the part begins in the sound, seconds.</param>
/// <param name="SpeedPercent">How fast it is played, percent of its own speed; pitch changes with it. 100 leaves it as it is.</param>
/// <param name="Gain">Factor of the whole part.</param>
/// <param name="GainCurve">Further factors over time, linear between the points, constant before the first and after the last.</param>
/// <param name="FadeIn">Seconds at the beginning in which it rises along a quarter of a sine.</param>
/// <param name="FadeOut">Seconds at the end in which it falls along a quarter of a cosine, so that a crossfade keeps the power.</param>
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
    /// <summary>The sample of the recording that an attack of the curve calls for, if the part was placed by one.</summary>
    public long? SourceAttack { get; init; }

    /// <summary>How long it lasts in the sound, seconds.</summary>
    /// <param name="sampleRate">Of its recording.</param>
    public double Duration(int sampleRate) => SourceLength * 100.0 / ((double)sampleRate * SpeedPercent);
}

/// <summary>A point of a gain curve.</summary>
/// <param name="Seconds">From the beginning of the piece.</param>
/// <param name="Gain">Factor.</param>
public readonly record struct GainPoint(double Seconds, float Gain);
