using System.ComponentModel.DataAnnotations;

namespace Rewas.AudioDiffusion;

/// <summary>Limits of the third stage. Configuration section "AudioDiffusion".</summary>
public sealed record AudioDiffusionOptions
{
    /// <summary>Most windows of one request; 176 are 15 minutes. Default 176, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxWindows { get; init; } = 176;

    /// <summary>Requests admitted at once, sampling and waiting together; further ones are refused. Default 16, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int QueueCapacity { get; init; } = 16;

    /// <summary>A request whose next message does not come for so long is ended. Default 15 minutes, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);
}
