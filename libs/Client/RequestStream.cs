using Grpc.Core;

namespace Rewas.Client;

/// <summary>
/// The request stream of one call. After a call has ended, a write fails with an exception of gRPC, of HTTP/2 or of the socket. This type
/// always throws <see cref="CallEndedException"/> instead, so that it is not mistaken for a failure of the input. On an aborted connection
/// gRPC may lose a write and never complete it (found by fuzzing). Such a write is not awaited after the call is over.
/// </summary>
sealed class RequestStream<T>(IClientStreamWriter<T> inner)
{
    /// <param name="stop">Cancelled when the call is over.</param>
    public Task WriteAsync(T message, CancellationToken stop) => AsCallEnded(() => inner.WriteAsync(message, stop).WaitAsync(stop));

    /// <param name="stop">Cancelled when the call is over.</param>
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

/// <summary>The call is over, so nothing more can be written. The responses give the reason.</summary>
sealed class CallEndedException(Exception inner) : Exception("the call has ended", inner);
