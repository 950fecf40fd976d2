using Rewas.Jobs.Data;

namespace Rewas.Jobs.Running;

/// <summary>
/// How long items have waited for room for temporary files of this process. An item might need more than it can ever get: each of its
/// reservations fits alone, but all together do not.
/// </summary>
sealed class RoomWaits(TimeProvider time)
{
    /// <summary>
    /// Longest wait of an item, from its first attempt that had no room. It begins anew when another item of the job is made, because the
    /// items of a large job take the room from each other.
    /// </summary>
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Time after which a wait is forgotten. An item that still waits has failed long before.</summary>
    static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    readonly Lock gate = new();
    readonly Dictionary<(string Job, long Item), long> begun = [];           // timestamps

    /// <summary>Why an attempt failed; for good, if the item has waited for room for too long.</summary>
    public AttemptFailure Judged(ItemRow item, AttemptFailure failure)
    {
        var waiting = (item.Job, item.Item);
        lock (gate)
        {
            if (!failure.NeedsRoom)
            {
                begun.Remove(waiting);
                return failure;
            }
            if (!begun.TryGetValue(waiting, out var since))
            {
                Remove(known => time.GetElapsedTime(begun[known]) > Forgotten);
                begun.Add(waiting, time.GetTimestamp());
                return failure;
            }
            if (time.GetElapsedTime(since) < Longest)
                return failure;
            begun.Remove(waiting);
        }
        return failure with
        {
            Reason = $"{failure.Reason}; it has waited for room for an hour, and may need more than it can ever get",
            MayPass = false,
        };
    }

    /// <summary>Notes that an item is made.</summary>
    public void Made(ItemRow item)
    {
        lock (gate)
            Remove(known => known.Job == item.Job);
    }

    void Remove(Func<(string Job, long Item), bool> isOver)
    {
        foreach (var wait in begun.Keys.Where(isOver).ToList())
            begun.Remove(wait);
    }
}
