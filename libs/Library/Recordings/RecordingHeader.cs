namespace Rewas.Library.Recordings;

/// <summary>How the samples of a recording are read.</summary>
public enum SampleSource
{
    /// <summary>Uncompressed: <see cref="Rewas.Sound.Wav.WavReader"/> reads them from the file.</summary>
    Wav,

    /// <summary>ffmpeg decodes them.</summary>
    Decoded,
}

/// <summary>The header of a recording.</summary>
/// <param name="Source">How the samples are read.</param>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="Channels">At least 1.</param>
/// <param name="Seconds">Length; null if the header has none.</param>
/// <param name="Tags">Texts that describe the sound.</param>
public sealed record RecordingHeader(SampleSource Source, int SampleRate, int Channels, double? Seconds, IReadOnlyList<string> Tags);
