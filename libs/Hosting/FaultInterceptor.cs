using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Hosting;

/// <summary>
/// The only mapping of failures to statuses, for all four kinds of call. An <see cref="InputFault"/> gives the status of its kind, its
/// message, and the trailer "rewas-field". A fault of this machine gives UNAVAILABLE, and a full disk RESOURCE_EXHAUSTED with a time after
/// which to try again. An unreadable message gives INVALID_ARGUMENT. A call that ended early gives CANCELLED or DEADLINE_EXCEEDED. An
/// <see cref="RpcException"/> passes unchanged. Calls that a draining process cancelled give UNAVAILABLE, because another process can
/// serve them. Anything else is a bug: it is logged here, and the caller does not see it.
/// </summary>
public sealed class FaultInterceptor(ILogger<FaultInterceptor> log, Drain? drain = null) : Interceptor
{
    /// <summary>Trailer with the name of the invalid field.</summary>
    public const string FieldTrailer = "rewas-field";

    /// <summary>Trailer with the milliseconds to wait before a retry.</summary>
    public const string RetryAfterTrailer = "retry-after-ms";

    /// <summary>Trailer with the identifier of a bug's log entry.</summary>
    public const string CorrelationTrailer = "rewas-correlation";

    /// <summary>Time that a refused caller gets to finish its stream.</summary>
    static readonly TimeSpan ReadingOut = TimeSpan.FromMilliseconds(250);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        => Guarded(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var requests = new CallerReader<TRequest>(requestStream);
        return Guarded(context, () => ReadOut(requests, context, continuation(requests, context)));
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
        => Guarded(context, () => Nothing(continuation(request, new CallerWriter<TResponse>(responseStream), context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var requests = new CallerReader<TRequest>(requestStream);
        var responses = new CallerWriter<TResponse>(responseStream);
        return Guarded(context, () => ReadOut(requests, context, Nothing(continuation(requests, responses, context))));
    }

    async Task<T> Guarded<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var ended = StatusCode.OK;
        try
        {
            context.UserState[CallEnd.Key] = CallEnd.Of(context);
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
        catch (DbException away) when (!HasEnded(context))
        {
            // Another attempt, here or at another replica, finds the database again.
            log.DatabaseAway(away, context.Method);
            throw new RpcException(new(StatusCode.Unavailable, "the database is away; try again"));
        }
        catch (InvalidProtocolBufferException unreadable)
        {
            throw Refused(context, InputFault.Invalid("message", "cannot be read as a request of this method", unreadable));
        }
        catch (Exception exception) when (exception is CallerResetException || (HasEnded(context) && EndsACancelledCall(exception)))
        {
            var (status, detail) = CallEnd.HasPassed(context) ? (StatusCode.DeadlineExceeded, "the call's deadline has passed")
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
    /// Lets a caller that is told to retry finish its stream first, for a short time. A stream that is answered before its end is reset;
    /// that can lose its status, and the reset stream stays on the connection for seconds. After some hundred resets Kestrel closes the
    /// connection with all its accepted calls.
    /// </summary>
    static async Task<TResponse> ReadOut<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests, ServerCallContext context, Task<TResponse> call)
    {
        try
        {
            return await call;
        }
        catch (InputFault busy) when (RetryAfter(busy) is not null)
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
                // The caller takes longer, has gone, or its stream is still being read.
            }
            throw;
        }
    }

    static async Task<bool> Nothing(Task call)
    {
        await call;
        return true;
    }

    /// <summary>
    /// Whether the call is cancelled or past its deadline. gRPC ends a call at its deadline slightly before it counts as cancelled.
    /// </summary>
    static bool HasEnded(ServerCallContext context) => context.CancellationToken.IsCancellationRequested || CallEnd.HasPassed(context);

    /// <summary>The deadline of a call, on a clock that only runs forward. The machine's date may be set while the call runs.</summary>
    sealed record CallEnd(long Start, TimeSpan Left)
    {
        /// <summary>Key in the state of a call.</summary>
        public static readonly object Key = typeof(CallEnd);

        public static CallEnd Of(ServerCallContext context) => new(Stopwatch.GetTimestamp(), context.Deadline - DateTime.UtcNow);

        public static bool HasPassed(ServerCallContext context) =>
            context.UserState.TryGetValue(Key, out var state) && state is CallEnd end && Stopwatch.GetElapsedTime(end.Start) >= end.Left;
    }

    /// <summary>
    /// Recognises what a cancelled call throws. Reading from a caller that has gone throws IOException; writing to one throws
    /// <see cref="ClosedWriterException"/>.
    /// </summary>
    static bool EndsACancelledCall(Exception exception)
        => exception is OperationCanceledException or IOException or ClosedWriterException;

    /// <summary>The status of an expected failure.</summary>
    public static StatusCode StatusOf(FaultKind kind) => kind switch
    {
        FaultKind.Invalid => StatusCode.InvalidArgument,
        FaultKind.NotFound => StatusCode.NotFound,
        FaultKind.Precondition => StatusCode.FailedPrecondition,
        FaultKind.Exhausted or FaultKind.Full => StatusCode.ResourceExhausted,
        FaultKind.Environment => StatusCode.Unavailable,                     // this machine's folder or program: another replica can do it
        _ => throw new UnreachableException(),
    };

    /// <summary>When the same call may succeed. A full disk is retried soon, because another replica may have room.</summary>
    static TimeSpan? RetryAfter(InputFault fault) => fault.RetryAfter ?? (fault.Kind == FaultKind.Full ? TimeSpan.FromSeconds(1) : null);

    /// <summary>The trailers of a fault.</summary>
    public static Metadata Trailers(InputFault fault)
    {
        // Header values must be printable ASCII, but a field may come from a file name.
        var trailers = new Metadata { { FieldTrailer, string.Concat(fault.Field.Select(c => c is >= ' ' and <= '~' ? c : '?')) } };
        if (RetryAfter(fault) is { } delay)
            trailers.Add(RetryAfterTrailer, ((long)delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return trailers;
    }
}
