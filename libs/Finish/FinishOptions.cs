using Rewas.Faults;
using Rewas.Video;

namespace Rewas.Finish;

/// <summary>Options for finishing the sound of a video.</summary>
public sealed record FinishOptions
{
    public static readonly IReadOnlyList<int> SampleRates = [16_000, 24_000, 32_000, 44_100, 48_000];

    /// <summary>AAC and Opus raise the peaks of noise by up to about a decibel.</summary>
    public const double LossyCodecHeadroom = 1;

    /// <summary>Target loudness, -50 to -5 LUFS. EBU R128 asks for -23, most platforms play at -16 to -14. Null: unchanged.</summary>
    public double? LoudnessTarget { get; init; }

    /// <summary>Largest true peak, -9 to -0.1 dBTP. Default -1, as in EBU R128.</summary>
    public double TruePeakCeiling { get; init; } = -1;

    /// <summary>Margin below the ceiling for the peaks that a lossy codec adds, 0 to 6 dB. Default 0.</summary>
    public double CodecHeadroomDecibels { get; init; }

    /// <summary>Length of the fades at both ends, 0 to 10 s. Default 0.</summary>
    public double FadeSeconds { get; init; }

    /// <summary>One of <see cref="SampleRates"/>. Default 48,000.</summary>
    public int SampleRate { get; init; } = 48_000;

    /// <summary>1, or 2 identical channels. Default 1.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>What happens to the video's own sound. By default it is dropped.</summary>
    public OriginalSound Original { get; init; }

    /// <summary>Lists all options that are out of range.</summary>
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
