using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;

namespace Rewas.Hosting.InProcess;

/// <summary>One call. It is ended by its handler, its caller, its deadline or its host; the first of them sets the status.</summary>
sealed class InProcessCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    /// <summary>Longest deadline that a timer accepts. A longer one counts as no deadline.</summary>
    static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(40);

    readonly CancellationTokenSource stopHandler = new(), deadline = new();
    readonly List<CancellationTokenRegistration> endings = [];
    readonly MessagePipe<TRequest> requests;
    readonly MessagePipe<TResponse> responses;
    readonly InProcessCallContext context;
    readonly Lock gate = new();
    Status? status;
    Metadata trailers = [];

    /// <param name="hostEnds">Cancelled when the host takes no more calls.</param>
    public InProcessCall(Method<TRequest, TResponse> method, CallOptions options, CancellationToken hostEnds)
    {
        (requests, responses) = (new(method.RequestMarshaller), new(method.ResponseMarshaller));
        (Requests, Responses) = (new RequestWriter(this), new ResponseReader(this));
        context = new(method.FullName, options, stopHandler.Token);
        endings.Add(options.CancellationToken.Register(Cancel));
        endings.Add(hostEnds.Register(() => Break(new(StatusCode.Unavailable, "the process is being stopped"))));
        endings.Add(deadline.Token.Register(() => Break(new(StatusCode.DeadlineExceeded, "the call's deadline has passed"))));
        if (options.Deadline is { } until && until.ToUniversalTime() - DateTime.UtcNow is var left && left < LongestDeadline)
            deadline.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public IClientStreamWriter<TRequest> Requests { get; }

    public IAsyncStreamReader<TResponse> Responses { get; }

    public Task<Metadata> Headers { get; } = Task.FromResult(new Metadata());

    bool HasEnded => status is not null;

    public Status GetStatus() => status ?? throw new InvalidOperationException("the call has not ended");

    public Metadata GetTrailers() => HasEnded ? trailers : throw new InvalidOperationException("the call has not ended");

    /// <summary>Cancels the call if it still runs.</summary>
    public void Dispose() => Cancel();

    /// <summary>Runs the handler to its end. Does not throw.</summary>
    /// <param name="handler">Null if the method does not exist.</param>
    public async Task RunAsync(InProcessHandler<TRequest, TResponse>? handler)
    {
        using var span = InProcessInvoker.Source.StartActivity(context.Method, ActivityKind.Server);
        span?.SetTag("grpc.method", context.Method);
        try
        {
            if (handler is null)
                throw new RpcException(new(StatusCode.Unimplemented, $"{context.Method} is not served here"));
            if (!HasEnded)
                await handler(new RequestReader(this), new ResponseWriter(this), context);
            End(context.Status, context.ResponseTrailers, null);
        }
        catch (RpcException failure)
        {
            End(failure.Status, failure.Trailers, new(failure.Status, failure.Trailers));
        }
        catch (Exception bug)
        {
            var unknown = new Status(StatusCode.Unknown, $"the call's handler failed: {bug.GetType().Name}");
            End(unknown, [], new(unknown));
        }
        finally
        {
            endings.ForEach(ending => ending.Dispose());
            deadline.Dispose();
        }
    }

    /// <summary>Sends the only request. If the call has already ended, its answer reports that.</summary>
    public async Task SendOnlyAsync(TRequest request)
    {
        try
        {
            await Requests.WriteAsync(request);
            await Requests.CompleteAsync();
        }
        catch (RpcException)
        {
        }
    }

    /// <exception cref="RpcException">The call failed or ended without an answer.</exception>
    public async Task<TResponse> OnlyResponseAsync()
    {
        if (!await Responses.MoveNext(CancellationToken.None))
            throw new RpcException(new(StatusCode.Internal, "the call ended without an answer"));
        var response = Responses.Current;
        await Responses.MoveNext(CancellationToken.None);                    // the status follows the answer
        return response;
    }

    void Cancel() => Break(new(StatusCode.Cancelled, "the call was cancelled"));

    /// <summary>Ends the call before its handler does. Answers that were not read are dropped.</summary>
    void Break(Status reason)
    {
        if (!End(reason, [], new(reason)))
            return;
        responses.Drop();
        _ = stopHandler.CancelAsync();                                       // asynchronous, because it runs callbacks of others
    }

    bool End(Status ended, Metadata withTrailers, RpcException? failure)
    {
        lock (gate)
        {
            if (HasEnded)
                return false;
            (status, trailers) = (ended, withTrailers);
        }
        responses.Complete(failure);
        requests.Complete(failure);
        requests.Drop();
        return true;
    }

    RpcException Ended() => new(status ?? new(StatusCode.Cancelled, "the call was cancelled"), trailers);

    sealed class RequestWriter(InProcessCall<TRequest, TResponse> call) : IClientStreamWriter<TRequest>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task CompleteAsync()
        {
            call.requests.Complete(null);
            return Task.CompletedTask;
        }

        public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

        /// <summary>Cancelling a write cancels the whole call, as a half-written message would.</summary>
        public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
        {
            try
            {
                await call.requests.WriteAsync(message, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                call.Cancel();
                throw call.Ended();
            }
            catch (ChannelClosedException)
            {
                throw call.HasEnded ? call.Ended() : new InvalidOperationException("the requests are complete");
            }
        }
    }

    sealed class ResponseReader(InProcessCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    {
        TResponse? current;

        public TResponse Current => current ?? throw new InvalidOperationException("there is no message");

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                current = await call.responses.ReadAsync(cancellationToken);
                return current is not null;
            }
            catch (OperationCanceledException)
            {
                call.Cancel();
                throw call.Ended();
            }
        }
    }

    sealed class RequestReader(InProcessCall<TRequest, TResponse> call) : IAsyncStreamReader<TRequest>
    {
        TRequest? current;

        public TRequest Current => current ?? throw new InvalidOperationException("there is no message");

        /// <exception cref="OperationCanceledException">The call has ended, or this read was cancelled.</exception>
        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.stopHandler.Token);
            try
            {
                current = await call.requests.ReadAsync(either.Token);
                return current is not null;
            }
            catch (RpcException) when (call.HasEnded)
            {
                throw new OperationCanceledException(call.stopHandler.Token);
            }
        }
    }

    sealed class ResponseWriter(InProcessCall<TRequest, TResponse> call) : IServerStreamWriter<TResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

        /// <exception cref="OperationCanceledException">The call has ended, or this write was cancelled.</exception>
        public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.stopHandler.Token);
            try
            {
                await call.responses.WriteAsync(message, either.Token);
            }
            catch (ChannelClosedException)
            {
                throw new OperationCanceledException(call.stopHandler.Token);
            }
        }
    }
}
