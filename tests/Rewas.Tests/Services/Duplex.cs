using Grpc.Core;

namespace Rewas.Tests.Services;

static class Duplex
{
    /// <summary>Sends all requests and reads all answers. If a call ends before everything was sent, its status says why.</summary>
    public static async Task<List<TResponse>> Exchange<TRequest, TResponse>(
        this AsyncDuplexStreamingCall<TRequest, TResponse> call, params IEnumerable<TRequest> requests)
    {
        using (call)
        {
            var answers = ReadAll(call.ResponseStream);
            // If gRPC loses a write with its connection, the write does not end with the call.
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
            // The call is over. Its status comes with the answers.
        }
    }

    static async Task<List<T>> ReadAll<T>(IAsyncStreamReader<T> responses)
    {
        var all = new List<T>();
        await foreach (var response in responses.ReadAllAsync())
            all.Add(response);
        return all;
    }
}
