using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Bundles;

namespace Rewas.Hosting.InProcess;

/// <summary>Answers a call of any kind. A single message is a stream of one.</summary>
delegate Task InProcessHandler<TRequest, TResponse>(
    IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context);

/// <summary>A service that is called in its own process. It is created once, on its first call.</summary>
public sealed class InProcessService
{
    readonly LoadedOnce<Dictionary<string, Delegate>> handlers;

    internal InProcessService(string name, Func<Dictionary<string, Delegate>> handlers) => (Name, this.handlers) = (name, new(handlers));

    /// <summary>As on the wire: "rewas.v1.Vocoder".</summary>
    public string Name { get; }

    internal InProcessHandler<TRequest, TResponse>? Handler<TRequest, TResponse>(string method) =>
        (InProcessHandler<TRequest, TResponse>?)handlers.Value.GetValueOrDefault(method);
}

public static class InProcessServices
{
    /// <summary>Adds a service for <see cref="InProcessInvoker"/>. Failures are mapped to statuses as in every other host.</summary>
    /// <param name="name">As on the wire.</param>
    /// <param name="bind">BindService of the generated code.</param>
    public static IServiceCollection AddInProcess<TService>(
        this IServiceCollection services, string name, Action<ServiceBinderBase, TService> bind) where TService : class =>
        services.AddSingleton(provider => new InProcessService(name, () =>
        {
            var binder = new HandlerBinder(provider.GetRequiredService<FaultInterceptor>());
            bind(binder, ActivatorUtilities.CreateInstance<TService>(provider));
            return binder.Handlers;
        }));

    /// <summary>Turns the methods of generated code into stream handlers.</summary>
    sealed class HandlerBinder(Interceptor interceptor) : ServiceBinderBase
    {
        public Dictionary<string, Delegate> Handlers { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            Add<TRequest, TResponse>(method.Name, (requests, responses, context) =>
                interceptor.DuplexStreamingServerHandler(requests, responses, context, handler!));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Add<TRequest, TResponse>(method.Name, async (requests, responses, context) =>
                await responses.WriteAsync(await interceptor.UnaryServerHandler(await OnlyAsync(requests, context), context, handler!)));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            Add<TRequest, TResponse>(method.Name, async (requests, responses, context) =>
                await interceptor.ServerStreamingServerHandler(await OnlyAsync(requests, context), responses, context, handler!));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            Add<TRequest, TResponse>(method.Name, async (requests, responses, context) =>
                await responses.WriteAsync(await interceptor.ClientStreamingServerHandler(requests, context, handler!)));

        void Add<TRequest, TResponse>(string method, InProcessHandler<TRequest, TResponse> handler) => Handlers.Add(method, handler);

        static async Task<T> OnlyAsync<T>(IAsyncStreamReader<T> requests, ServerCallContext context) =>
            await requests.MoveNext(context.CancellationToken)
                ? requests.Current
                : throw new RpcException(new(StatusCode.Internal, "the call has no message"));
    }
}
