using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Grpc.Core;
using Rewas.Clip.Faults;

namespace Rewas.Hosting.Access;

/// <summary>
/// A request body of the web API. It counts bytes and enforces the caller's limits. A caller must send some bytes within the message
/// timeout, and on average at least <see cref="LeastBytesPerSecond"/>. Only time spent waiting for bytes counts.
/// </summary>
sealed class CountedBody(PipeReader inner, Caller caller, CallPlace place, OpenCall open, TimeSpan messageTimeout) : ForwardStream
{
    const int LeastBytesPerSecond = 1024;

    TimeSpan waited;

    /// <summary>Bytes received so far.</summary>
    public long Received { get; private set; }

    /// <summary>Why the caller's limit of a day refused its bytes; null if it did not.</summary>
    public RpcException? Refusal { get; private set; }

    /// <inheritdoc cref="RequestEnd.HasCome"/>
    public bool HasEnded() => inner.HasCome();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await WaitAsync(buffer, cancellationToken);
        await CountAsync(count);
        return count;
    }

    /// <summary>Counts bytes that have come for the caller.</summary>
    /// <exception cref="RpcException">The caller may not go on, or a limit is reached.</exception>
    public async ValueTask CountAsync(int count)
    {
        Received += count;
        ThrowIfLapsed();
        if (caller.Limits is { UploadBytesPerCall: > 0 and var most } && Received > most)
            throw CallerLimiter.Refused(InputFault.Exhausted("bytes", $"at most {most} may be sent in one call (UploadBytesPerCall)"));
        try
        {
            await place.CountAsync(count);
        }
        catch (RpcException refusal)
        {
            Refusal = refusal;
            throw;
        }
    }

    async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (inner.TryRead(out var ready) && Take(ready, buffer) is { } taken)
            return taken;
        // Kestrel cannot answer a request whose reading was cancelled by a token.
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, open.Lapsed);
        using var cancelling = slow.Token.UnsafeRegister(_ => inner.CancelPendingRead(), null);
        var start = Stopwatch.GetTimestamp();
        slow.CancelAfter(messageTimeout);
        int? came = null;
        while (came is null)
        {
            came = Take(await inner.ReadAsync(CancellationToken.None), buffer);
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfLapsed();
            if (came is null && slow.IsCancellationRequested)
                throw TooSlow();
        }
        waited += Stopwatch.GetElapsedTime(start);
        return waited <= messageTimeout || Received + came >= waited.TotalSeconds * LeastBytesPerSecond ? came.Value : throw TooSlow();
    }

    /// <returns>Number of bytes; null if none have come. 0 at the end, or if a reader asks whether there are any.</returns>
    int? Take(ReadResult result, Memory<byte> buffer)
    {
        var (none, ended) = (result.Buffer.IsEmpty, result.IsCompleted);
        var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        var count = (int)part.Length;
        part.CopyTo(buffer.Span);
        inner.AdvanceTo(part.End);                                           // the result is not valid any more
        return none && !ended ? null : count;
    }

    void ThrowIfLapsed()
    {
        if (open.Refusal is { } refusal)
            throw new RpcException(new(StatusCode.Unauthenticated, refusal));
    }

    RpcException TooSlow() => new(new(StatusCode.DeadlineExceeded, FormattableString.Invariant(
        $"MessageTimeout: a request must go on within {messageTimeout.TotalSeconds} s, with {LeastBytesPerSecond} bytes a second or more, ")
        + $"but {Received} bytes came"));
}
