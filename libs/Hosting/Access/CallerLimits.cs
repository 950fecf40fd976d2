namespace Rewas.Hosting.Access;

/// <summary>Limits of one caller. 0 means no limit.</summary>
public sealed record CallerLimits
{
    /// <summary>Concurrent calls. Default 64, range 0 to 100000. One clip takes four calls.</summary>
    public int ConcurrentCalls { get; set; } = 64;

    /// <summary>Average rate of new calls. Default 50, range 0 to 100000.</summary>
    public int CallsPerSecond { get; set; } = 50;

    /// <summary>Calls that may start at once before the average rate applies. Default 200, range 1 to 1000000.</summary>
    public int Burst { get; set; } = 200;

    /// <summary>
    /// Calls started in 24 hours, by the caller and by services for it. Calls that are refused for want of room do not count. Default 0, at
    /// most 2 thousand million.
    /// </summary>
    public int CallsPerDay { get; set; }

    /// <summary>Bytes sent in one call. Default 4 GiB, at most 1 TiB.</summary>
    public long UploadBytesPerCall { get; set; } = 4L << 30;

    /// <summary>Bytes sent in 24 hours by all calls together. Default 0, at most 100 TiB.</summary>
    public long UploadBytesPerDay { get; set; }

    /// <summary>Lists all values that are out of range.</summary>
    /// <param name="where">Prefix of the messages.</param>
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
