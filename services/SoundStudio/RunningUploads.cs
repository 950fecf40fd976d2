namespace Rewas.SoundStudio;

/// <summary>
/// The uploads that this replica receives, at most one of each video. The newest call for a video takes over from an older one, whose
/// client may be gone without a word. Two replicas cannot both go on with a video either: only one can append a part at an offset.
/// </summary>
public sealed class RunningUploads
{
    readonly Dictionary<string, RunningUpload> running = new(StringComparer.Ordinal);

    /// <summary>Ends an older call for the video, and takes its place.</summary>
    public async Task<RunningUpload> BeginAsync(string video, CancellationToken cancellation)
    {
        var upload = new RunningUpload(over => Remove(video, over));
        while (Add(video, upload) is { } older)
            await older.EndAsync(cancellation);
        return upload;
    }

    /// <summary>Ends a call for the video.</summary>
    public async Task EndAsync(string video, CancellationToken cancellation)
    {
        RunningUpload? upload;
        lock (running)
            upload = running.GetValueOrDefault(video);
        if (upload is not null)
            await upload.EndAsync(cancellation);
    }

    /// <summary>Bytes of a video that have come to this replica, stored or not; 0 if no call sends any.</summary>
    public long Received(string video)
    {
        lock (running)
            return running.TryGetValue(video, out var upload) ? upload.Received : 0;
    }

    /// <returns>Null if it was added; otherwise the one that is there.</returns>
    RunningUpload? Add(string video, RunningUpload upload)
    {
        lock (running)
            return running.TryAdd(video, upload) ? null : running[video];
    }

    void Remove(string video, RunningUpload upload)
    {
        lock (running)
            if (running.GetValueOrDefault(video) == upload)
                running.Remove(video);
    }
}

/// <summary>A call that receives a video, until it is disposed.</summary>
public sealed class RunningUpload(Action<RunningUpload> over) : IDisposable
{
    readonly CancellationTokenSource takenOver = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long received;

    /// <summary>Cancelled when a newer call ends this one.</summary>
    public CancellationToken TakenOver => takenOver.Token;

    /// <summary>Bytes of the file that have come.</summary>
    public long Received
    {
        get => Volatile.Read(ref received);
        set => Volatile.Write(ref received, value);
    }

    /// <summary>Ends the call, and waits until what it has received is stored.</summary>
    internal async Task EndAsync(CancellationToken cancellation)
    {
        await takenOver.CancelAsync();
        await ended.Task.WaitAsync(cancellation);
    }

    /// <summary>The source of the token is left to the collector: a newer call may be cancelling it.</summary>
    public void Dispose()
    {
        over(this);
        ended.TrySetResult();
    }
}
