namespace Rewas.Bundles;

/// <summary>
/// A value that is loaded on first use and kept. One thread loads it, and others wait for it. Unlike <see cref="Lazy{T}"/> it keeps no
/// failure: memory or a file may be missing for a moment only, so the next caller loads again.
/// </summary>
/// <param name="load">May throw.</param>
public sealed class LoadedOnce<T>(Func<T> load)
{
    readonly Lock loading = new();
    Func<T>? loader = load;                                                  // let go with what it holds once the value is there
    volatile Loaded? loaded;

    public bool IsValueCreated => loaded is not null;

    public T Value => (loaded ?? Load()).Value;

    Loaded Load()
    {
        lock (loading)
        {
            if (loaded is { } already)
                return already;
            var made = new Loaded(loader!());
            loader = null;
            return loaded = made;
        }
    }

    /// <summary>Tells a value that is null from none.</summary>
    sealed record Loaded(T Value);
}
