namespace Rewas.Gateway.Web.Calls;

/// <summary>
/// What is kept in memory for callers. A new entry of a named caller takes the place of its own oldest one. A caller without a name may be
/// anybody, so only the limit of all entries applies to it. Where all callers together have too many, the one with most loses its oldest.
/// </summary>
sealed class KeptOfCallers<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    public const int MostOfCaller = 200, MostOfAll = 10_000;

    readonly Lock gate = new();
    readonly Dictionary<string, OrderedDictionary<TKey, TValue>> callers = new(StringComparer.Ordinal);
    int count;

    /// <summary>Keeps an entry as its caller's youngest. It replaces one with the same key.</summary>
    public void Keep(string caller, TKey key, TValue value)
    {
        lock (gate)
        {
            if (callers.TryGetValue(caller, out var before) && before.IndexOf(key) is >= 0 and var known)
                RemoveAt(caller, known);
            else if (caller.Length > 0 && before?.Count >= MostOfCaller)
                RemoveAt(caller, 0);
            else if (count >= MostOfAll)
                RemoveAt(callers.MaxBy(one => one.Value.Count).Key, 0);
            if (!callers.TryGetValue(caller, out var own))
                callers[caller] = own = new();
            own.Add(key, value);
            count++;
        }
    }

    /// <summary>The entry of a caller; null for none.</summary>
    public TValue? Find(string caller, TKey key)
    {
        lock (gate)
            return callers.TryGetValue(caller, out var own) && own.TryGetValue(key, out var value) ? value : null;
    }

    void RemoveAt(string caller, int index)
    {
        var own = callers[caller];
        own.RemoveAt(index);
        count--;
        if (own.Count == 0)
            callers.Remove(caller);
    }
}
