namespace Rewas.Sound.Placement;

/// <summary>A piece that a user keeps at its place, or does not want there.</summary>
/// <param name="Recording">Index in the given recordings.</param>
/// <param name="SourceStart">First sample, at the recording's rate.</param>
/// <param name="SourceLength">Samples, at the recording's rate.</param>
/// <param name="Position">Start in the sound, seconds.</param>
/// <param name="SpeedPercent">Playback speed in percent.</param>
public readonly record struct PieceChoice(int Recording, long SourceStart, long SourceLength, double Position, int SpeedPercent)
{
    /// <summary>Largest distance of two attacks that count as the same, seconds.</summary>
    internal const double Tolerance = 0.05;

    /// <summary>Duration in the sound, seconds.</summary>
    internal double Duration(int sampleRate) => SourceLength * 100.0 / ((double)sampleRate * SpeedPercent);

    /// <summary>Whether a sample of the recording is in the piece.</summary>
    internal bool Covers(long sample) => sample >= SourceStart && sample < SourceStart + SourceLength;

    /// <summary>Time of a sample of the recording in the sound.</summary>
    internal double SecondsOf(long sample, int sampleRate) =>
        Position + (sample - SourceStart) * 100.0 / ((double)sampleRate * SpeedPercent);
}
