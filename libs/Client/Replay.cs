using System.IO.Hashing;

namespace Rewas.Client;

/// <summary>
/// Tells what of a stream the receiver has already. An attempt that is repeated gives the stream again from its start. Its bytes are
/// compared with those delivered before by a running hash, so no byte is kept.
/// </summary>
sealed class Replay
{
    readonly XxHash128 delivered = new();
    readonly XxHash128 repeated = new();
    long deliveredBytes, position;

    /// <summary>Whether this attempt has given everything that earlier attempts delivered.</summary>
    public bool HasCaughtUp => position >= deliveredBytes;

    /// <summary>Begins a further attempt.</summary>
    public void Restart()
    {
        position = 0;
        repeated.Reset();
    }

    /// <summary>Counts the leading bytes that the receiver has already, and compares them.</summary>
    /// <returns>The number of leading bytes to drop; null if they differ from those delivered before.</returns>
    public int? Skip(ReadOnlySpan<byte> bytes)
    {
        var known = (int)Math.Min(bytes.Length, Math.Max(0, deliveredBytes - position));
        if (known == 0)
            return 0;
        repeated.Append(bytes[..known]);
        position += known;
        return position == deliveredBytes && repeated.GetCurrentHashAsUInt128() != delivered.GetCurrentHashAsUInt128() ? null : known;
    }

    /// <summary>Records bytes that the receiver has taken.</summary>
    public void Deliver(ReadOnlySpan<byte> bytes)
    {
        delivered.Append(bytes);
        deliveredBytes += bytes.Length;
        position = deliveredBytes;
    }
}
