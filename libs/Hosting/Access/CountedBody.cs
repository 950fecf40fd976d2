using System.Diagnostics;
using Grpc.Core;
using Rewas.Clip.Faults;

namespace Rewas.Hosting.Access;

/// <summary>
/// A request body of the web API. It counts bytes and enforces the caller's limits. A caller must send some bytes within the message
/// timeout, and on average at least <see cref="LeastBytesPerSecond"/>. Only time spent waiting for bytes counts.
/// </summary>
sealed class CountedBody(Stream inner, Caller caller, CallPlace place, TimeSpan messageTimeout) : ForwardStream
{
    const int LeastBytesPerSecond = 1024;

    TimeSpan waited;

    /// <summary>Bytes received so far.</summary>
    public long Received { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await WaitAsync(buffer, cancellationToken);
        Received += count;
        if (caller.Limits is { UploadBytesPerCall: > 0 and var most } && Received > most)
            throw CallerLimiter.Refused(InputFault.Exhausted("bytes", $"at most {most} may be sent in one call (UploadBytesPerCall)"));
        await place.CountAsync(count);
        return count;
    }

    async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = inner.ReadAsync(buffer, slow.Token);
        if (reading.IsCompletedSuccessfully)
            return reading.Result;
        var start = Stopwatch.GetTimestamp();
        slow.CancelAfter(messageTimeout);
        try
        {
            var count = await reading;
            waited += Stopwatch.GetElapsedTime(start);
            return waited <= messageTimeout || Received + count >= waited.TotalSeconds * LeastBytesPerSecond ? count : throw TooSlow();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow();
        }
    }

    RpcException TooSlow() => new(new(StatusCode.DeadlineExceeded, FormattableString.Invariant(
        $"MessageTimeout: a request must go on within {messageTimeout.TotalSeconds} s, with {LeastBytesPerSecond} bytes a second or more, ")
        + $"but {Received} bytes came"));
}
