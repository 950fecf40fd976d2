namespace Rewas.Library.Recordings;

/// <summary>How a recording's samples are come by.</summary>
enum SampleSource
{
    /// <summary>They lie in the file as they are: <see cref="Rewas.Sound.Wav.WavReader"/> reads them.</summary>
    Wav,

    /// <summary>ffmpeg decodes them.</summary>
    Decoded,
}

/// <summary>What a recording's header says.</summary>
/// <param name="Source">How the samples are come by.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Channels">At least 1.</param>
/// <param name="Seconds">Length; null where the header does not say.</param>
/// <param name="Tags">Texts that say what is heard.</param>
sealed record RecordingHeader(SampleSource Source, int SampleRate, int Channels, double? Seconds, IReadOnlyList<string> Tags);
