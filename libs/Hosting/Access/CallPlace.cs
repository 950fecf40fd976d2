using Grpc.Core;

namespace Rewas.Hosting.Access;

/// <summary>The place of a call among its caller's, and the bytes that it has sent.</summary>
/// <param name="usage">Where the call is counted; null: nowhere.</param>
sealed class CallPlace(ICallerUsage? usage, CallUse call) : IAsyncDisposable
{
    /// <summary>Time for which Kestrel keeps a stream that was answered before its end.</summary>
    static readonly TimeSpan StreamDrain = TimeSpan.FromSeconds(5);

    long sent, granted;

    /// <summary>Whether the platform had no room for the call. The call is then taken off its caller's day.</summary>
    public bool HadNoRoom { get; set; }

    /// <summary>Counts bytes that the call has sent.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the limit of the day is reached. These bytes are not counted.</exception>
    public async ValueTask CountAsync(long bytes)
    {
        if (usage is null || call.Limits.UploadBytesPerDay == 0)
            return;
        var missing = sent + bytes - granted;
        if (missing > 0)
        {
            var ahead = Math.Max(missing, usage.BytesAtATime);
            var reached = await usage.CountBytesAsync(call, ahead);
            if (reached is not null && ahead > missing)
                (ahead, reached) = (missing, await usage.CountBytesAsync(call, missing));
            CallerLimiter.ThrowIf(reached, call);
            granted += ahead;
        }
        sent += bytes;
    }

    /// <summary>Gives the place back when the call has ended.</summary>
    /// <param name="isLeft">
    /// True if the call was answered before its caller has ended the request. A stream of it then stays for some seconds on the connection
    /// to the replica. A connection has few streams, for all callers, so the call counts as one in progress meanwhile.
    /// </param>
    public async ValueTask GiveBackAsync(bool isLeft, TimeProvider time)
    {
        if (isLeft)
            _ = LaterAsync();
        else
            await DisposeAsync();

        async Task LaterAsync()
        {
            await Task.Delay(StreamDrain, time);
            await DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (usage is null)
            return;
        if (granted > sent)
            await usage.CountBytesAsync(call, sent - granted);
        await usage.LeaveAsync(call, HadNoRoom);
    }
}
