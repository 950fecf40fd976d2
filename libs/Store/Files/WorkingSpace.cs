using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Settings;

namespace Rewas.Store.Files;

/// <summary>
/// Room for temporary files. Work reserves its bytes before it writes the first one, so no caller fills the disk for all others.
/// </summary>
public sealed class WorkingSpace(IOptions<StoreOptions> configured)
{
    /// <summary>Free bytes that stay free.</summary>
    const long Margin = 64 << 20;

    static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(5);

    readonly StoreOptions options = configured.Value;
    readonly Lock gate = new();
    readonly Dictionary<string, long> reserved = new(StringComparer.Ordinal);

    /// <summary>Reserves bytes until the result is disposed.</summary>
    /// <param name="caller">Empty if callers are not identified; then only the total counts.</param>
    /// <exception cref="InputFault">
    /// Exhausted: other work holds the room, or the disk is too full. It says when to try again, unless there never is so much room.
    /// </exception>
    public IDisposable Reserve(string caller, long bytes)
    {
        lock (gate)
        {
            var (total, own) = (reserved.Values.Sum(), reserved.GetValueOrDefault(caller));
            var most = caller.Length > 0 ? Math.Min(options.MaxWorkingBytes, options.MaxWorkingBytesPerCaller) : options.MaxWorkingBytes;
            if (total + bytes > options.MaxWorkingBytes)
                throw Full(
                    $"of all temporary files must be at most {options.MaxWorkingBytes} (MaxWorkingBytes), but would be {total + bytes}",
                    isLasting: bytes > most);
            if (caller.Length > 0 && own + bytes > options.MaxWorkingBytesPerCaller)
                throw Full(
                    $"of a caller's temporary files must be at most {options.MaxWorkingBytesPerCaller} (MaxWorkingBytesPerCaller), "
                    + $"but would be {own + bytes}",
                    isLasting: bytes > most);
            var disk = new DriveInfo(Path.GetTempPath());
            if (disk.AvailableFreeSpace is var free && free - Margin < bytes)
                throw Full($"{bytes} are needed for temporary files, but {free} are free", isLasting: bytes > disk.TotalSize - Margin);
            reserved[caller] = own + bytes;
            return new Reservation(this, caller, bytes);
        }
    }

    static InputFault Full(string message, bool isLasting) =>
        new(FaultKind.Exhausted, "bytes", message) { RetryAfter = isLasting ? null : UsualWait };

    void Release(string caller, long bytes)
    {
        lock (gate)
            // A caller that has reserved 0 bytes may be forgotten already.
            if (reserved.GetValueOrDefault(caller) - bytes is > 0 and var left)
                reserved[caller] = left;
            else
                reserved.Remove(caller);
    }

    sealed class Reservation(WorkingSpace owner, string caller, long bytes) : IDisposable
    {
        int released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref released, 1) == 0)
                owner.Release(caller, bytes);
        }
    }
}
