using Grpc.Core;
using Rewas.Client;

namespace Rewas.Tests.Services;

static class Duplex
{
    /// <summary>Sends all requests and reads all answers. If a call ends before everything was sent, its status says why.</summary>
    public static async Task<List<TResponse>> Exchange<TRequest, TResponse>(
        this AsyncDuplexStreamingCall<TRequest, TResponse> call, params IEnumerable<TRequest> requests)
        where TResponse : class
    {
        using var duplex = new DuplexCall<TRequest, TResponse>(call);
        return await ExchangeAsync(duplex, requests).WaitAsync(Wait.Patience);
    }

    static async Task<List<TResponse>> ExchangeAsync<TRequest, TResponse>(
        DuplexCall<TRequest, TResponse> call, IEnumerable<TRequest> requests)
        where TResponse : class
    {
        foreach (var request in requests)
            if (!await call.TryWriteAsync(request))
                break;
        await call.TryCompleteAsync();
        var answers = new List<TResponse>();
        while (await call.MoveNextAsync())
            answers.Add(call.Current);
        return answers;
    }
}
