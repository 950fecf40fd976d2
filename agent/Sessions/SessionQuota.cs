using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Store.Leases;

namespace Rewas.Agent.Sessions;

/// <summary>The limits of all sessions together, and of one caller's.</summary>
static class SessionQuota
{
    /// <summary>Kinds of leases.</summary>
    public const string Session = "session", Video = "session-video";

    /// <param name="bytes">Bytes that are about to be reserved.</param>
    /// <exception cref="InputFault">Exhausted: a quota is used up.</exception>
    public static async Task ThrowIfUsedUpAsync(LeaseCounts counts, AgentOptions options, string caller, long bytes)
    {
        var all = (await counts.OfAllAsync(Session, Video)).Bytes + bytes;
        if (all > options.MaxTotalBytes)
            throw InputFault.Exhausted(
                "bytes", $"of all sessions must be at most {options.MaxTotalBytes} (MaxTotalBytes), but would be {all}");
        if (caller.Length == 0)
            return;
        var own = (await counts.OfCallerAsync(Session, Video)).Bytes + bytes;
        if (own > options.MaxBytesPerCaller)
            throw InputFault.Exhausted(
                "bytes", $"of a caller's sessions must be at most {options.MaxBytesPerCaller} (MaxBytesPerCaller), but would be {own}");
    }

    /// <exception cref="InputFault">Exhausted: too many sessions.</exception>
    public static async Task ThrowIfTooManyAsync(LeaseCounts counts, AgentOptions options, string caller)
    {
        if ((await counts.OfAllAsync(Session)).Count >= options.MaxSessions)
            throw InputFault.Exhausted("session", $"at most {options.MaxSessions} sessions are kept at a time (MaxSessions)");
        if (caller.Length > 0 && (await counts.OfCallerAsync(Session)).Count >= options.MaxSessionsPerCaller)
            throw InputFault.Exhausted(
                "session", $"at most {options.MaxSessionsPerCaller} sessions of a caller are kept at a time (MaxSessionsPerCaller)");
    }
}
