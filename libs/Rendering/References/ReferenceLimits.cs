using Rewas.Library.Limits;

namespace Rewas.Rendering.References;

/// <summary>Limits for a caller's own recordings.</summary>
public sealed record ReferenceLimits
{
    /// <summary>Limits for each recording: 10 minutes and 1 GiB by default.</summary>
    public LibraryLimits Each { get; init; } = new() { MaxDuration = TimeSpan.FromMinutes(10), MaxBytes = 1L << 30 };

    /// <summary>Longest sum of all recordings. Default 30 minutes: they are measured in memory, at 16 kHz.</summary>
    public TimeSpan MaxTotal { get; init; } = TimeSpan.FromMinutes(30);
}
