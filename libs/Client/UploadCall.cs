using Grpc.Core;

namespace Rewas.Client;

/// <summary>A call of many requests and one response. A failed write ends as the status of the call. Not thread-safe.</summary>
public sealed class UploadCall<TRequest, TResponse>(AsyncClientStreamingCall<TRequest, TResponse> call) : IDisposable
{
    readonly RequestStream<TRequest> requests = new(call.RequestStream, call.ResponseAsync);

    /// <summary>The response. It may come before the requests have ended. A call that failed throws <see cref="RpcException"/>.</summary>
    public Task<TResponse> Response => call.ResponseAsync;

    /// <returns>False if the call is over. <see cref="Response"/> gives the reason.</returns>
    public Task<bool> TryWriteAsync(TRequest message, CancellationToken cancellation = default) =>
        RequestStream<TRequest>.UnlessEndedAsync(requests.WriteAsync(message, cancellation));

    /// <inheritdoc cref="TryWriteAsync"/>
    public Task<bool> TryCompleteAsync(CancellationToken cancellation = default) =>
        RequestStream<TRequest>.UnlessEndedAsync(requests.CompleteAsync(cancellation));

    /// <summary>Cancels the call if it still runs.</summary>
    public void Dispose() => call.Dispose();
}
