using System.Diagnostics;

namespace Rewas.Client;

/// <summary>
/// The end of a request. It is kept on a clock that only runs forward. A change of the machine's date neither ends nor prolongs a request.
/// </summary>
sealed class RequestDeadline(TimeSpan timeout)
{
    readonly long start = Stopwatch.GetTimestamp();

    /// <summary>Time since the request began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(start);

    /// <summary>Negative when the deadline has passed.</summary>
    public TimeSpan Left => timeout - Elapsed;

    /// <summary>The deadline as a date of the machine's clock, for a call that begins now.</summary>
    public DateTime ForCall => DateTime.UtcNow + Left;

    /// <summary>A deadline for a part of the request, which ends with the request at the latest.</summary>
    public RequestDeadline Within(TimeSpan limit) => new(limit < Left ? limit : Left);
}
