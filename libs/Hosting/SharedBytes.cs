using Rewas.Clip.Faults;

namespace Rewas.Hosting;

/// <summary>
/// Bytes on a disk or in memory that callers share. They are counted before they are written. A named caller gets at most its share.
/// </summary>
/// <param name="field">Named in errors.</param>
/// <param name="most">Bytes of all callers together, and the setting that says so.</param>
/// <param name="share">Most bytes of one named caller.</param>
public sealed class SharedBytes(string field, (long Most, string Setting) most, long share)
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();
    readonly Dictionary<string, long> held = new(StringComparer.Ordinal);
    long all;

    /// <summary>Begins to count the bytes of one call. Disposal gives them back.</summary>
    public Holding Begin(string caller) => new(this, caller);

    /// <param name="ofCall">Bytes that the call already has.</param>
    void Take(string caller, long bytes, long ofCall)
    {
        lock (gate)
        {
            var own = held.GetValueOrDefault(caller);
            if (all + bytes > most.Most)
                throw Refused($"at most {most.Most} bytes are held at a time ({most.Setting})", ofCall + bytes > most.Most);
            if (caller.Length > 0 && own + bytes > share)
                throw Refused($"at most {share} bytes of one caller are held at a time (of {most.Setting})", ofCall + bytes > share);
            all += bytes;
            held[caller] = own + bytes;
        }
    }

    void Give(string caller, long bytes)
    {
        lock (gate)
        {
            all -= bytes;
            if ((held[caller] -= bytes) == 0)
                held.Remove(caller);
        }
    }

    /// <param name="forGood">Whether the call needs more than there can ever be.</param>
    InputFault Refused(string message, bool forGood) =>
        new(FaultKind.Exhausted, field, message) { RetryAfter = forGood ? null : RetryAfter };

    /// <summary>The bytes of one call.</summary>
    public sealed class Holding(SharedBytes bytes, string caller) : IDisposable
    {
        long count;

        /// <exception cref="InputFault">
        /// Exhausted: too many bytes are held. The call may be repeated later, unless it needs more than there can ever be.
        /// </exception>
        public void Add(long more)
        {
            bytes.Take(caller, more, count);
            count += more;
        }

        public void Dispose()
        {
            if (count > 0)
                bytes.Give(caller, count);
            count = 0;
        }
    }
}
