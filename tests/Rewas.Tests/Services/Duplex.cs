using Grpc.Core;

namespace Rewas.Tests.Services;

static class Duplex
{
    /// <summary>Sends all requests and answers all responses; a call that ended before everything was sent tells why by its status.</summary>
    public static async Task<List<TResponse>> Exchange<TRequest, TResponse>(this AsyncDuplexStreamingCall<TRequest, TResponse> call, params IEnumerable<TRequest> requests)
    {
        using (call)
        {
            var answers = ReadAll(call.ResponseStream);
            // A write that gRPC has lost with its connection does not end with the call.
            await Task.WhenAny(WriteAll(call.RequestStream, requests), answers);
            return await answers.WaitAsync(Wait.Patience);
        }
    }

    static async Task WriteAll<T>(IClientStreamWriter<T> stream, IEnumerable<T> requests)
    {
        try
        {
            foreach (var request in requests)
                await stream.WriteAsync(request);
            await stream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The call is over; its status comes with the answers.
        }
    }

    /// <summary>The call must fail with this status, and its message must say this.</summary>
    public static async Task Fails<TResponse>(this Task<List<TResponse>> exchange, StatusCode status, params string[] said)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => exchange);
        Assert.Equal((status, failure.Status.Detail), (failure.StatusCode, failure.Status.Detail));
        foreach (var part in said)
            Assert.Contains(part, failure.Status.Detail, StringComparison.Ordinal);
    }

    static async Task<List<T>> ReadAll<T>(IAsyncStreamReader<T> responses)
    {
        var all = new List<T>();
        await foreach (var response in responses.ReadAllAsync())
            all.Add(response);
        return all;
    }
}
