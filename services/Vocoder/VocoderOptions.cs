using System.ComponentModel.DataAnnotations;

namespace Rewas.Vocoder;

/// <summary>Limits of the fourth stage. Configuration section "Vocoder".</summary>
public sealed record VocoderOptions
{
    /// <summary>
    /// Mel frames per network call, 100 per second. More are faster; fewer reduce latency. Default 256, range 16 to 4096.
    /// </summary>
    [Range(16, 4096)]
    public int ChunkFrames { get; init; } = 256;

    /// <summary>Longest waveform. Default 15 minutes, range 1 s to 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan MaxAudioDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most mel frames per message. Default 4096, range 1 to 65536.</summary>
    [Range(1, 65_536)]
    public int MaxFramesPerMessage { get; init; } = 4096;

    /// <summary>Longest wait for the next message of a request. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait until the caller takes a response. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Folder of the cache of network outputs, which equal mels reuse. Empty (default): no cache.</summary>
    public string WaveCacheFolder { get; init; } = "";

    /// <summary>
    /// Size limit of that cache, bytes. A second takes 64 KB, plus a chunk's context; a chunk counts as at least 32 KiB. Default 256 MB,
    /// range 1 MB to 1 TB.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long WaveCacheBytes { get; init; } = 256L << 20;
}
