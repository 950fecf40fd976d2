using Rewas.Video;

namespace Rewas.Rendering.Finishing;

/// <summary>Sound in its final form.</summary>
/// <param name="Sound">The samples. The caller owns their folder.</param>
/// <param name="Frames">Number of frames. The sound lasts as long as the picture.</param>
public sealed record FinishedSound(RawSound Sound, long Frames, FinishReport Report);

/// <summary>Measurements and processing. Loudness after ITU-R BS.1770-4, LUFS; null for silence.</summary>
/// <param name="MixLoudness">Loudness before the gain.</param>
/// <param name="Loudness">Loudness of the result.</param>
/// <param name="TruePeak">True peak of the result, dBTP; null for silence.</param>
/// <param name="Limited">Whether the limiter was active.</param>
public sealed record FinishReport(double? MixLoudness, double GainDecibels, double? Loudness, double? TruePeak, bool Limited)
{
    /// <summary>Loudness range after EBU Tech 3342, LU; null for silence.</summary>
    public double? LoudnessRange { get; init; }

    /// <summary>Highest loudness of 400 ms; null for silence.</summary>
    public double? MostMomentary { get; init; }

    /// <summary>Highest loudness of 3 s; null for silence.</summary>
    public double? MostShortTerm { get; init; }

    /// <summary>The rules for delivery that loudness and true peak meet.</summary>
    public IReadOnlyList<string> Meets => [.. Rules.Where(rule => rule.IsMetBy(this)).Select(rule => rule.Name)];

    static readonly DeliveryRule[] Rules =
    [
        new("EBU R 128", Loudness: -23, Tolerance: 0.5, TruePeak: -1),
        new("ATSC A/85", Loudness: -24, Tolerance: 2, TruePeak: -2),
    ];

    sealed record DeliveryRule(string Name, double Loudness, double Tolerance, double TruePeak)
    {
        public bool IsMetBy(FinishReport levels) =>
            levels is { Loudness: { } loudness, TruePeak: { } peak } && Math.Abs(loudness - Loudness) <= Tolerance && peak <= TruePeak;
    }
}
