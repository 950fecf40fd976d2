using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Rewas.Faults;

namespace Rewas.Hosting;

/// <summary>
/// The one place from failures to statuses, for all four kinds of call: an <see cref="InputFault"/> becomes the status of its kind with its
/// message and the trailer "rewas-field", a message that cannot be read INVALID_ARGUMENT; a call that ended early becomes CANCELLED or DEADLINE_EXCEEDED; an
/// <see cref="RpcException"/> passes; anything else is a bug, logged here and told to nobody else. What a draining process cancelled is UNAVAILABLE: another one can do it.
/// </summary>
public sealed class FaultInterceptor(ILogger<FaultInterceptor> log, Drain? drain = null) : Interceptor
{
    /// <summary>Trailer with the field at fault.</summary>
    public const string FieldTrailer = "rewas-field";

    /// <summary>Trailer with the milliseconds after which to try again.</summary>
    public const string RetryAfterTrailer = "retry-after-ms";

    /// <summary>Trailer by which a bug's log line is found.</summary>
    public const string CorrelationTrailer = "rewas-correlation";

    /// <summary>How long a caller that is refused may take to end its stream.</summary>
    static readonly TimeSpan ReadingOut = TimeSpan.FromMilliseconds(250);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        => Guarded(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        => Guarded(context, () => ReadOut(requestStream, context, continuation(requestStream, context)));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
        => Guarded(context, () => Nothing(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        => Guarded(context, () => ReadOut(requestStream, context, Nothing(continuation(requestStream, responseStream, context))));

    async Task<T> Guarded<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var ended = StatusCode.OK;
        try
        {
            return await MappedAsync(context, call);
        }
        catch (RpcException failure)
        {
            ended = failure.StatusCode;
            throw;
        }
        finally
        {
            RewasTelemetry.CallEnded(context.Method, ended);
        }
    }

    async Task<T> MappedAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException)
        {
            throw;
        }
        catch (InputFault fault)
        {
            throw Refused(context, fault);
        }
        catch (InvalidProtocolBufferException unreadable)
        {
            throw Refused(context, InputFault.Invalid("message", "cannot be read as a request of this method", unreadable));
        }
        catch (Exception exception) when (IsReset(exception) || (HasEnded(context) && EndsACancelledCall(exception)))
        {
            var (status, detail) = context.Deadline <= DateTime.UtcNow ? (StatusCode.DeadlineExceeded, "the call's deadline has passed")
                : drain is { HandsBack: true } ? (StatusCode.Unavailable, "the process is being stopped")
                : (StatusCode.Cancelled, "the call was cancelled");
            log.EndedEarly(context.Method, status);
            throw new RpcException(new(status, detail));
        }
        catch (Exception failure) when (FileFault.IsOfThisMachine(failure))
        {
            throw Refused(context, FileFault.Of(failure));
        }
        catch (Exception bug)
        {
            var correlation = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
            log.Bug(bug, context.Method, correlation);
            throw new RpcException(new(StatusCode.Internal, "internal error"), new Metadata { { CorrelationTrailer, correlation } });
        }
    }

    RpcException Refused(ServerCallContext context, InputFault fault)
    {
        log.Refused(context.Method, fault.Kind, fault.Message);
        return new(new(StatusOf(fault.Kind), fault.Message), Trailers(fault));
    }

    /// <summary>
    /// Who is told to come again is let finish first, for a moment. A stream that is answered before its end is reset, which can cost its status, and stays with the connection for seconds: some
    /// hundred of them, and Kestrel gives up the connection with all that was accepted on it.
    /// </summary>
    static async Task<TResponse> ReadOut<TRequest, TResponse>(IAsyncStreamReader<TRequest> requests, ServerCallContext context, Task<TResponse> call)
    {
        try
        {
            return await call;
        }
        catch (InputFault busy) when (busy is { Kind: FaultKind.Exhausted, RetryAfter: not null })
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            limit.CancelAfter(ReadingOut);
            try
            {
                while (await requests.MoveNext(limit.Token))
                    continue;
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or RpcException or InvalidOperationException)
            {
                // It goes on longer, is gone, or is being read still.
            }
            throw;
        }
    }

    static async Task<bool> Nothing(Task call)
    {
        await call;
        return true;
    }

    /// <summary>A caller that resets its stream may be noticed by a read before its call counts as cancelled. Whose frame threw it depends on what was inlined: Kestrel's, or that of gRPC's reader.</summary>
    static bool IsReset(Exception exception) =>
        exception is IOException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" or "Grpc.AspNetCore.Server" } or IOException { InnerException: ConnectionAbortedException };

    /// <summary>gRPC ends a call at its deadline a little before it counts as cancelled.</summary>
    static bool HasEnded(ServerCallContext context) => context.CancellationToken.IsCancellationRequested || context.Deadline <= DateTime.UtcNow;

    /// <summary>Reading from a caller that went away gives an IOException, writing to one an InvalidOperationException of gRPC's writer.</summary>
    static bool EndsACancelledCall(Exception exception)
        => exception is OperationCanceledException or IOException || exception is InvalidOperationException { Source: "Grpc.AspNetCore.Server" };

    static StatusCode StatusOf(FaultKind kind) => kind switch
    {
        FaultKind.Invalid => StatusCode.InvalidArgument,
        FaultKind.NotFound => StatusCode.NotFound,
        FaultKind.Precondition => StatusCode.FailedPrecondition,
        FaultKind.Exhausted => StatusCode.ResourceExhausted,
        FaultKind.Environment => StatusCode.Internal,
        _ => throw new UnreachableException(),
    };

    /// <summary>What travels with a fault's message.</summary>
    public static Metadata Trailers(InputFault fault)
    {
        // Header values are printable ASCII; a field may come from a file's name.
        var trailers = new Metadata { { FieldTrailer, string.Concat(fault.Field.Select(c => c is >= ' ' and <= '~' ? c : '?')) } };
        if (fault.RetryAfter is { } delay)
            trailers.Add(RetryAfterTrailer, ((long)delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return trailers;
    }
}
