using System.ComponentModel.DataAnnotations;

namespace Rewas.Vocoder;

/// <summary>Limits of the fourth stage. Configuration section "Vocoder".</summary>
public sealed record VocoderOptions
{
    /// <summary>Mel frames per network call, 100 a second: more are faster, fewer answer sooner. Default 256, 16 to 4096.</summary>
    [Range(16, 4096)]
    public int ChunkFrames { get; init; } = 256;

    /// <summary>Longest waveform. Default 15 minutes, 1 s to 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan MaxAudioDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most mel frames of one message. Default 4096, 1 to 65536.</summary>
    [Range(1, 65_536)]
    public int MaxFramesPerMessage { get; init; } = 4096;

    /// <summary>A request whose next message does not come for so long is ended. Default 15 minutes, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Where answers of the network are kept, to be found again when the same mel comes. Empty, the default: nowhere.</summary>
    public string WaveCacheFolder { get; init; } = "";

    /// <summary>Most bytes that are kept there; a second takes 64 KB, and what a chunk sees of its neighbours. Default 256 MB, 1 MB to 1 TB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long WaveCacheBytes { get; init; } = 256L << 20;
}
