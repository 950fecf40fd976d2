using Grpc.Core;

namespace Rewas.Client;

/// <summary>
/// The request stream of one call. After a call has ended, a write fails with an exception of gRPC, of HTTP/2 or of the socket. Its status
/// is not the status of the call: gRPC tells CANCELLED of a write whose call was refused or lost. This type always throws
/// <see cref="CallEndedException"/> instead, so that the reason is read from the responses. On an aborted connection gRPC may lose a write
/// and never complete it (found by fuzzing). Such a write is not awaited after the call is over.
/// </summary>
/// <param name="ended">Completes when the call is over. Null if the tokens of the writes tell it.</param>
sealed class RequestStream<T>(IClientStreamWriter<T> inner, Task? ended = null)
{
    /// <param name="stop">Cancelled when nothing more shall be written.</param>
    /// <exception cref="CallEndedException">The call is over.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public Task WriteAsync(T message, CancellationToken stop = default) => OrCallEndedAsync(() => inner.WriteAsync(message, stop), stop);

    /// <inheritdoc cref="WriteAsync"/>
    public Task CompleteAsync(CancellationToken stop = default) => OrCallEndedAsync(inner.CompleteAsync, stop);

    /// <returns>False if the call is over.</returns>
    public static async Task<bool> UnlessEndedAsync(Task writing)
    {
        try
        {
            await writing;
            return true;
        }
        catch (CallEndedException)
        {
            return false;
        }
    }

    async Task OrCallEndedAsync(Func<Task> write, CancellationToken stop)
    {
        try
        {
            var writing = write();
            if (ended is not null && !writing.IsCompleted && await Task.WhenAny(writing, ended).WaitAsync(stop) == ended)
                throw new CallEndedException();
            await writing.WaitAsync(stop);
        }
        catch (Exception failure) when (failure is not CallEndedException)
        {
            stop.ThrowIfCancellationRequested();
            throw new CallEndedException(failure);
        }
    }
}

/// <summary>The call is over, so nothing more can be written. The responses give the reason.</summary>
sealed class CallEndedException(Exception? inner = null) : Exception("the call has ended", inner);
