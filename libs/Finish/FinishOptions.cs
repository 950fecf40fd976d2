using Rewas.Faults;
using Rewas.Video;

namespace Rewas.Finish;

/// <summary>How the sound of a video is finished.</summary>
public sealed record FinishOptions
{
    public static readonly IReadOnlyList<int> SampleRates = [16_000, 24_000, 32_000, 44_100, 48_000];

    /// <summary>AAC and Opus move the peaks of noise by up to about a decibel.</summary>
    public const double LossyCodecHeadroom = 1;

    /// <summary>Programme loudness to reach, -50 to -5 LUFS; EBU R128 asks for -23, most platforms play at -16 to -14. As it is if null.</summary>
    public double? LoudnessTarget { get; init; }

    /// <summary>True peak that is not exceeded, -9 to -0.1 dBTP. -1 by default, as EBU R128 asks.</summary>
    public double TruePeakCeiling { get; init; } = -1;

    /// <summary>How far below the ceiling the samples stay, because a codec that loses something moves peaks: 0 to 6 dB. None by default.</summary>
    public double CodecHeadroomDecibels { get; init; }

    /// <summary>Length of the fades at both ends, 0 to 10 s. None by default.</summary>
    public double FadeSeconds { get; init; }

    /// <summary>One of <see cref="SampleRates"/>. 48,000 by default.</summary>
    public int SampleRate { get; init; } = 48_000;

    /// <summary>1, or 2 with the same in both. 1 by default.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>What becomes of the video's own sound. It is left out by default.</summary>
    public OriginalSound Original { get; init; }

    /// <summary>Everything that is out of range.</summary>
    public IEnumerable<InputFault> Faults()
    {
        InputFault[] outOfRange =
        [
            .. InputFault.OutOfRange("loudness", LoudnessTarget, -50, -5, " LUFS"),
            .. InputFault.OutOfRange("true-peak", TruePeakCeiling, -9, -0.1, " dBTP"),
            .. InputFault.OutOfRange("codec-headroom", CodecHeadroomDecibels, 0, 6, " dB"),
            .. InputFault.OutOfRange("fade", FadeSeconds, 0, 10, " s"),
        ];
        foreach (var fault in outOfRange)
            yield return fault;
        if (!SampleRates.Contains(SampleRate))
            yield return InputFault.Invalid("sample-rate", $"must be one of {string.Join(", ", SampleRates)}, but is {SampleRate}");
        if (Channels is not (1 or 2))
            yield return InputFault.Invalid("channels", $"must be 1 or 2, but is {Channels}");
    }
}
