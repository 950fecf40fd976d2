using System.Runtime.CompilerServices;
using Rewas.Client;
using Rewas.Rendering;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// A sound that is being made or is finished. The work continues without listeners. Any number of callers may follow it, from any sample.
/// </summary>
public sealed class StudioRendering : IAsyncDisposable
{
    const int PartSamples = 16_384;

    readonly CancellationTokenSource stop = new();
    readonly SoundLayers layers;
    readonly Task<MadeSound> making;
    volatile TaskCompletionSource changed = NewSignal();
    volatile RenderState state = new(0, 0, 0, 0, 0);

    readonly IDisposable room;

    /// <param name="room">Room for the files, given back with them, or at once if there can be none.</param>
    /// <param name="make">Makes the sound into the layers.</param>
    public StudioRendering(
        IDisposable room, Func<SoundLayers, IProgress<GenerateProgress>, CancellationToken, Task<MadeSound>> make)
    {
        this.room = room;
        try
        {
            layers = new() { AreHeard = true };
        }
        catch
        {
            room.Dispose();
            throw;
        }
        making = Task.Run(() => make(layers, new Watcher(this), stop.Token));
        making.ContinueWith(_ => Signal(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Timestamp of the last use.</summary>
    public long UsedAt { get; private set; }

    /// <summary>Samples of the first candidate that can be read.</summary>
    public long Samples => layers.First?.Written ?? 0;

    /// <summary>Steps that were sampled for the first candidate and the environment. A window that is found in a cache has none.</summary>
    public long SampledSteps { get; private set; }

    public RenderState State => state;

    public bool HasEnded => making.IsCompleted;

    /// <summary>The sound. Throws if making it failed.</summary>
    public Task<MadeSound> Made => making;

    /// <summary>Follows the render until it ends: each new state, and the samples of the first candidate as they arrive.</summary>
    /// <param name="from">First sample.</param>
    /// <param name="cancellation">Stops following. The render continues.</param>
    public async IAsyncEnumerable<(RenderState? State, long First, float[]? Samples)> WatchAsync(
        long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        RenderState? told = null;
        while (true)
        {
            // Take the signal first: later changes are seen in the next round.
            var (next, ended, now) = (changed, making.IsCompleted, state);
            if (now != told)
                yield return (told = now, 0, null);
            while (ReadSamples(from) is { Length: > 0 } samples)
            {
                yield return (null, from, samples);
                from += samples.Length;
            }
            if (ended)
                yield break;
            await next.Task.WaitAsync(cancellation);
        }
    }

    public StudioRendering Used(TimeProvider time)
    {
        UsedAt = time.GetTimestamp();
        return this;
    }

    /// <summary>Stops the render.</summary>
    public Task StopAsync() => stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((Task)making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await layers.DisposeAsync();
        room.Dispose();
        stop.Dispose();
    }

    /// <summary>The next samples of the first candidate, as far as they are made; some thousands at a time.</summary>
    public float[] ReadSamples(long from)
    {
        if (layers.First is not { } sound || sound.Written <= from)
            return [];
        try
        {
            using var file = new FileStream(sound.Sound.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = from * sizeof(float);
            var samples = new float[Math.Min(PartSamples, sound.Written - from)];
            file.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples.AsSpan()));
            return samples;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];                                                       // another seed has just taken its place, or it was forgotten
        }
    }

    void Signal() => Interlocked.Exchange(ref changed, NewSignal()).TrySetResult();

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    sealed class Watcher(StudioRendering owner) : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value)
        {
            if (value is GenerateProgress.Sampled)
                owner.SampledSteps++;
            owner.state = value switch
            {
                GenerateProgress.Queued queued => owner.state with { QueuePosition = queued.Position },
                GenerateProgress.Sampled sampled => new(0, sampled.Window, sampled.Windows, sampled.Step, sampled.Steps),
                _ => owner.state,
            };
            owner.Signal();
        }
    }
}

/// <param name="QueuePosition">Number of latents before it.</param>
/// <param name="WindowsDone">Number of sampled windows.</param>
/// <param name="Windows">Number of windows; 0 if unknown.</param>
/// <param name="Step">Finished steps of the current window.</param>
/// <param name="Steps">Steps of one window.</param>
public sealed record RenderState(int QueuePosition, int WindowsDone, int Windows, int Step, int Steps)
{
    public RenderProgress ToMessage() => new()
    {
        QueuePosition = QueuePosition,
        WindowsDone = WindowsDone,
        Windows = Windows,
        Step = Step,
        Steps = Steps,
    };
}
