using Grpc.Core;

namespace Rewas.Client;

/// <summary>
/// The requests of one call. A call that has ended, for whatever reason, fails its next write with gRPC's, HTTP/2's or the socket's
/// exception, as it happens; here always with <see cref="CallEndedException"/>, so that it is not taken for a failure of what the requests
/// are made from. A write that gRPC has lost with its connection, of which it tells neither success nor failure (seen in the fuzz, on
/// connections that were given up), is not waited for once the call is over.
/// </summary>
sealed class RequestStream<T>(IClientStreamWriter<T> inner)
{
    /// <param name="message">The next.</param>
    /// <param name="stop">The call is over.</param>
    public Task WriteAsync(T message, CancellationToken stop) => AsCallEnded(() => inner.WriteAsync(message, stop).WaitAsync(stop));

    /// <param name="stop">The call is over.</param>
    public Task CompleteAsync(CancellationToken stop) => AsCallEnded(() => inner.CompleteAsync().WaitAsync(stop));

    static async Task AsCallEnded(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e)
        {
            throw new CallEndedException(e);
        }
    }
}

/// <summary>No more can be written, because the call is over; why is told by its answers.</summary>
sealed class CallEndedException(Exception inner) : Exception("the call has ended", inner);
