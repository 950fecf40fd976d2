namespace Rewas.Callers;

/// <summary>What one caller may have at most. 0 means no limit.</summary>
public sealed record CallerLimits
{
    /// <summary>Calls in progress. Default 64, 0 to 100000. One clip takes four.</summary>
    public int ConcurrentCalls { get; set; } = 64;

    /// <summary>Calls begun in a second, in the mean. Default 50, 0 to 100000.</summary>
    public int CallsPerSecond { get; set; } = 50;

    /// <summary>Calls that may come at once before that mean counts. Default 200, 1 to 1000000.</summary>
    public int Burst { get; set; } = 200;

    /// <summary>Calls begun within 24 hours. Default 0, to 2 thousand million.</summary>
    public int CallsPerDay { get; set; }

    /// <summary>Bytes sent in one call. Default 4 GiB, to 1 TiB.</summary>
    public long UploadBytesPerCall { get; set; } = 4L << 30;

    /// <summary>Bytes sent within 24 hours, all calls together, counted in steps of 64 KiB. Default 0, to 100 TiB.</summary>
    public long UploadBytesPerDay { get; set; }

    /// <summary>Everything that is out of range.</summary>
    /// <param name="where">How messages name this.</param>
    public IReadOnlyList<string> Faults(string where)
    {
        return
        [
            .. Range(nameof(ConcurrentCalls), ConcurrentCalls, 0, 100_000),
            .. Range(nameof(CallsPerSecond), CallsPerSecond, 0, 100_000),
            .. Range(nameof(Burst), Burst, 1, 1_000_000),
            .. Range(nameof(CallsPerDay), CallsPerDay, 0, 2_000_000_000),
            .. Range(nameof(UploadBytesPerCall), UploadBytesPerCall, 0, 1L << 40),
            .. Range(nameof(UploadBytesPerDay), UploadBytesPerDay, 0, 100L << 40),
        ];

        IEnumerable<string> Range(string option, long value, long minimum, long maximum) =>
            value < minimum || value > maximum ? [$"{where}:{option}: must be from {minimum} to {maximum}, but is {value}"] : [];
    }
}
