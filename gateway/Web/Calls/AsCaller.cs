using Grpc.Core;
using Grpc.Core.Interceptors;
using Rewas.Hosting;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Calls;

/// <summary>Calls a service in the name of a caller, if the caller's key or token allows that method.</summary>
sealed class AsCaller(Caller caller) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Named(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(request, Named(context));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Named(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Named(context));

    /// <exception cref="RpcException">PERMISSION_DENIED: the caller may not call the method.</exception>
    ClientInterceptorContext<TRequest, TResponse> Named<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var method = context.Method.FullName[1..];
        if (!MethodPatterns.Allow(caller.Methods, method))
            throw new RpcException(new(StatusCode.PermissionDenied, $"{caller.Name} may not call {method}"));
        if (caller.Name.Length == 0)
            return context;
        var headers = new Metadata { { CallerHeader.Name, caller.Name } };
        return new(context.Method, context.Host, context.Options.WithHeaders(headers));
    }
}
