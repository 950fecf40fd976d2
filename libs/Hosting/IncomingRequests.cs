using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Rewas.Hosting;

public static class IncomingRequests
{
    /// <summary>The caller's messages, with a timeout for a caller that holds a stage without sending.</summary>
    /// <param name="idleTimeout">Longest wait for the next message. Only time in which the stage waits counts.</param>
    /// <exception cref="RpcException">DEADLINE_EXCEEDED: no message came in that time.</exception>
    public static async IAsyncEnumerable<T> WithIdleTimeout<T>(
        this IAsyncStreamReader<T> requests, TimeSpan idleTimeout, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await NextAsync(requests, idleTimeout, cancellation))
            yield return requests.Current;
    }

    static async Task<bool> NextAsync<T>(IAsyncStreamReader<T> requests, TimeSpan idleTimeout, CancellationToken cancellation)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        idle.CancelAfter(idleTimeout);
        try
        {
            return await requests.MoveNext(idle.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new RpcException(new(
                StatusCode.DeadlineExceeded, $"IdleTimeout: the next message did not come within {idleTimeout.TotalSeconds} s"));
        }
    }
}
