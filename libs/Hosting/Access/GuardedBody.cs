using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rewas.Clip.Faults;
using Rewas.Protocol;

namespace Rewas.Hosting.Access;

/// <summary>
/// Reads a caller's request body message by message, as gRPC frames it, and enforces its limits. A stream may pause between two messages
/// for as long as its service allows. The first message must arrive in time, and so must every message that has begun; a request that is no
/// stream must arrive whole in time. Messages and the whole body have size limits. Only time spent waiting for bytes counts, not time in
/// which the service is slow to take them.
/// </summary>
sealed class GuardedBody : ForwardStream, IRequestBodyPipeFeature
{
    const int FrameHeaderBytes = 5;                                          // 1 byte: compressed or not; 4 bytes: length, big-endian
    const int PipeBufferBytes = 64 * 1024;

    readonly Stream inner;
    readonly PipeReader received;                                            // what inner reads from
    readonly Caller caller;
    readonly CallPlace place;
    readonly OpenCall open;
    readonly bool isStream;
    readonly TimeSpan messageTimeout;
    readonly byte[] header = new byte[FrameHeaderBytes];
    int headerBytes;
    long messageLeft;
    TimeSpan? left;                                                          // remaining wait for a begun message; null between messages
    bool wasReadToEnd;

    public GuardedBody(HttpContext context, Caller caller, CallPlace place, OpenCall open, bool isStream, TimeSpan messageTimeout)
    {
        (inner, this.caller, this.place, this.open, this.isStream, this.messageTimeout) =
            (context.Request.Body, caller, place, open, isStream, messageTimeout);
        received = context.Request.BodyReader;
        left = messageTimeout;
        Reader = PipeReader.Create(this, new(bufferSize: PipeBufferBytes));
    }

    /// <summary>Bytes received so far.</summary>
    public long Received { get; private set; }

    /// <summary>Why reading was refused; null if it was not.</summary>
    public RpcException? Refusal { get; private set; }

    public PipeReader Reader { get; }

    /// <inheritdoc cref="RequestEnd.HasCome"/>
    public bool HasEnded() => wasReadToEnd || received.HasCome();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await WaitAsync(buffer, cancellationToken);
            Received += count;
            wasReadToEnd |= count == 0 && buffer.Length > 0;
            if (open.Refusal is { } refusal)
                throw new RpcException(new(StatusCode.Unauthenticated, refusal));
            await ThrowIfTooMuchAsync(count);
            Follow(buffer.Span[..count]);
            return count;
        }
        catch (RpcException refusal)
        {
            Refusal = refusal;
            throw;
        }
    }

    async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (left is not { } time)
            return await inner.ReadAsync(buffer, cancellationToken);
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = inner.ReadAsync(buffer, slow.Token);
        if (reading.IsCompletedSuccessfully)
            return reading.Result;
        var start = Stopwatch.GetTimestamp();
        slow.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
        try
        {
            var count = await reading;
            left = time - Stopwatch.GetElapsedTime(start);
            return count;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var what = isStream ? "message" : "request";
            throw new RpcException(new(StatusCode.DeadlineExceeded, FormattableString.Invariant(
                $"MessageTimeout: a {what} must come within {messageTimeout.TotalSeconds} s, but {Received} bytes came")));
        }
    }

    async ValueTask ThrowIfTooMuchAsync(int count)
    {
        if (caller.Limits is { UploadBytesPerCall: > 0 and var most } && Received > most)
            throw CallerLimiter.Refused(InputFault.Exhausted("bytes", $"at most {most} may be sent in one call (UploadBytesPerCall)"));
        await place.CountAsync(count);
    }

    /// <summary>Tracks the message boundaries in the bytes read.</summary>
    void Follow(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (messageLeft == 0)
            {
                left ??= messageTimeout;
                var count = Math.Min(FrameHeaderBytes - headerBytes, bytes.Length);
                bytes[..count].CopyTo(header.AsSpan(headerBytes));
                bytes = bytes[count..];
                if ((headerBytes += count) < FrameHeaderBytes)
                    return;
                headerBytes = 0;
                messageLeft = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
                if (messageLeft > MessageLimits.MessageBytes)
                    throw CallerLimiter.Refused(
                        InputFault.Exhausted("message", $"must have at most {MessageLimits.MessageBytes} bytes, but has {messageLeft}"));
            }
            var part = (int)Math.Min(messageLeft, bytes.Length);
            bytes = bytes[part..];
            if ((messageLeft -= part) == 0 && isStream)
                left = null;
        }
    }
}
