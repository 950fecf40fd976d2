using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;

namespace Rewas.Hosting.InProcess;

/// <summary>
/// Calls services of the same process without socket, HTTP/2 or web server, so that a command with its own stages starts faster. Deadlines,
/// cancellation, statuses, trailers, message limits and backpressure behave as over the wire. Messages are serialised, so that caller and
/// service share no object.
/// </summary>
public sealed class InProcessInvoker(IEnumerable<InProcessService> services) : CallInvoker, IAsyncDisposable
{
    /// <summary>Source of one span per call, as a web server would record it.</summary>
    public const string SourceName = "Rewas.InProcess";

    internal static readonly ActivitySource Source = new(SourceName);

    readonly Dictionary<string, InProcessService> services = services.ToDictionary(service => service.Name);
    readonly ConcurrentDictionary<object, Task> running = new();
    readonly CancellationTokenSource closed = new();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Open(method, options);
        return new(call.Requests, call.Responses, call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Open(method, options);
        return new(SingleAsync(call, request), call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Open(method, options);
        _ = call.SendOnlyAsync(request);
        return new(call.Responses, call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Open(method, options);
        return new(call.Requests, call.OnlyResponseAsync(), call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        AsyncUnaryCall(method, host, options, request).GetAwaiter().GetResult();

    /// <summary>Cancels the running calls and waits until their handlers have ended. Only then may their networks be disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        await Task.WhenAll(running.Values);
    }

    static async Task<TResponse> SingleAsync<TRequest, TResponse>(InProcessCall<TRequest, TResponse> call, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        await call.SendOnlyAsync(request);
        return await call.OnlyResponseAsync();
    }

    InProcessCall<TRequest, TResponse> Open<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options)
        where TRequest : class
        where TResponse : class
    {
        var call = new InProcessCall<TRequest, TResponse>(method, options, closed.Token);
        var handler = services.TryGetValue(method.ServiceName, out var service) ? service.Handler<TRequest, TResponse>(method.Name) : null;
        // Not on the caller's thread, because a handler may compute before it first awaits.
        var run = running[call] = Task.Run(() => call.RunAsync(handler));
        _ = run.ContinueWith(
            _ => running.TryRemove(call, out var _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return call;
    }
}
