using Grpc.Core;

namespace Rewas.Client;

/// <summary>
/// A call that writes and reads in turns. A failed write ends as the status of the call. Responses that come during a write are kept for
/// the reads. So a server that waits for its responses to be read does not block the write, and the end of the call is seen even if gRPC
/// never completes the write. Not thread-safe.
/// </summary>
public sealed class DuplexCall<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call) : IDisposable
    where TResponse : class
{
    readonly RequestStream<TRequest> requests = new(call.RequestStream);
    readonly Queue<TResponse> ahead = [];
    Task<bool>? reading;
    TResponse? current;

    /// <summary>The last response that was read.</summary>
    public TResponse Current => current ?? throw new InvalidOperationException("nothing was read");

    /// <exception cref="RpcException">The call is over. Responses that were not read are dropped.</exception>
    public async Task WriteAsync(TRequest message, CancellationToken cancellation = default)
    {
        if (await TryWriteAsync(message, cancellation))
            return;
        while (await MoveNextAsync(cancellation))
            continue;
        throw new RpcException(new(StatusCode.Unavailable, "the call has ended"));
    }

    /// <returns>False if the call is over. The responses give the reason.</returns>
    public async Task<bool> TryWriteAsync(TRequest message, CancellationToken cancellation = default)
    {
        var writing = requests.WriteAsync(message, cancellation);
        while (!writing.IsCompleted && await Task.WhenAny(writing, ReadingAsync()) != writing)
            if (!await TryTakeAsync())
            {
                cancellation.ThrowIfCancellationRequested();
                return false;
            }
        return await RequestStream<TRequest>.UnlessEndedAsync(writing);
    }

    /// <summary>Ends the requests. Responses may still come.</summary>
    /// <returns>False if the call is over. The responses give the reason.</returns>
    public Task<bool> TryCompleteAsync(CancellationToken cancellation = default) =>
        RequestStream<TRequest>.UnlessEndedAsync(requests.CompleteAsync(cancellation));

    /// <returns>False if the call has ended well.</returns>
    /// <exception cref="RpcException">The call has failed.</exception>
    public async Task<bool> MoveNextAsync(CancellationToken cancellation = default)
    {
        if (ahead.Count == 0)
        {
            await ReadingAsync().WaitAsync(cancellation);
            await TakeAsync();
        }
        return ahead.TryDequeue(out current);
    }

    /// <summary>Cancels the call if it still runs.</summary>
    public void Dispose() => call.Dispose();

    /// <summary>The read that runs, or the one that has met the end of the call.</summary>
    Task<bool> ReadingAsync() => reading ??= call.ResponseStream.MoveNext(CancellationToken.None);

    /// <summary>Keeps the response of the read that has ended.</summary>
    /// <returns>False if it has met the end of the call.</returns>
    async Task<bool> TakeAsync()
    {
        if (!await ReadingAsync())
            return false;
        ahead.Enqueue(call.ResponseStream.Current);
        reading = null;
        return true;
    }

    /// <inheritdoc cref="TakeAsync"/>
    async Task<bool> TryTakeAsync()
    {
        try
        {
            return await TakeAsync();
        }
        catch (RpcException)
        {
            return false;                                                    // the next read throws it again
        }
    }
}
