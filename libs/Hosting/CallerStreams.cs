using Google.Protobuf;
using Grpc.Core;

namespace Rewas.Hosting;

/// <summary>The messages of a caller. Tells a stream that the caller reset from a failure to read a file.</summary>
sealed class CallerReader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    /// <exception cref="CallerResetException">The caller has gone. The call may not count as cancelled yet.</exception>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            return await inner.MoveNext(cancellationToken);
        }
        catch (IOException reset) when (reset is not InvalidProtocolBufferException)
        {
            throw new CallerResetException(reset);
        }
    }
}

/// <summary>The answers to a caller. Tells a call that is over from a fault of the program.</summary>
sealed class CallerWriter<T>(IServerStreamWriter<T> inner) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <exception cref="ClosedWriterException">The call is over, or the answer before has not been written yet.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        try
        {
            await inner.WriteAsync(message, cancellationToken);
        }
        catch (InvalidOperationException closed)
        {
            throw new ClosedWriterException(closed);
        }
    }
}

/// <summary>The caller has reset its stream, or its connection is lost.</summary>
sealed class CallerResetException(IOException inner) : IOException(inner.Message, inner);

/// <summary>gRPC takes no answer: the call is over, or the program has two writes at a time.</summary>
sealed class ClosedWriterException(InvalidOperationException inner) : InvalidOperationException(inner.Message, inner);
