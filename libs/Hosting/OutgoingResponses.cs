using Grpc.Core;

namespace Rewas.Hosting;

public static class OutgoingResponses
{
    /// <summary>
    /// The responses of a call, with a timeout for a caller that does not read them. HTTP/2 then holds back the next one, and the call
    /// would keep its place for ever.
    /// </summary>
    /// <param name="timeout">Longest wait until a response is taken.</param>
    /// <param name="setting">The setting that says so.</param>
    public static IServerStreamWriter<T> WithReadTimeout<T>(
        this IServerStreamWriter<T> responses, TimeSpan timeout, string setting, CancellationToken cancellation) =>
        new TimedWriter<T>(responses, timeout, setting, cancellation);

    sealed class TimedWriter<T>(IServerStreamWriter<T> inner, TimeSpan timeout, string setting, CancellationToken call)
        : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions { get => inner.WriteOptions; set => inner.WriteOptions = value; }

        public Task WriteAsync(T message) => WriteAsync(message, call);

        public async Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            var writing = inner.WriteAsync(message, cancellationToken);
            if (writing.IsCompletedSuccessfully)
                return;
            try
            {
                await writing.WaitAsync(timeout, call);
            }
            catch (TimeoutException)
            {
                throw new RpcException(new(
                    StatusCode.DeadlineExceeded, $"{setting}: the caller did not take the next response within {timeout.TotalSeconds} s"));
            }
        }
    }
}
