using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Grpc.Core;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>One stage's call within a pipeline. Requests are written while responses are read.</summary>
/// <param name="stage">One of <see cref="StageNames"/>.</param>
/// <param name="bundleSha256">The bundle that the stage reported.</param>
sealed class StageStream<TRequest, TResponse>(
    string stage,
    PipelineRun run,
    string bundleSha256,
    Func<CallOptions, AsyncDuplexStreamingCall<TRequest, TResponse>> open)
{
    readonly StageProgress progress = run.Track(stage);
    StageSummary? summary;

    /// <summary>Runs the call to its end.</summary>
    /// <param name="write">Writes the requests.</param>
    /// <param name="read">Handles one response.</param>
    public async Task<StageSummary> RunAsync(
        Func<RequestStream<TRequest>, CancellationToken, Task> write, Func<TResponse, CancellationToken, ValueTask> read)
    {
        await CallAsync(write, read);
        progress.HasEnded = true;
        return summary ?? throw Broken("its response ended without a summary");
    }

    /// <summary>Passes a message to the next stage. Waits while that stage's channel is full.</summary>
    public async ValueTask PassOnAsync<T>(ChannelWriter<T> next, T message, CancellationToken stop)
    {
        if (next.TryWrite(message))
            return;
        progress.WaitsForNext = true;
        await next.WriteAsync(message, stop);
        progress.WaitsForNext = false;
    }

    /// <summary>Writes all messages of the previous stage.</summary>
    public async Task ForwardAsync<T>(
        ChannelReader<T> input, RequestStream<TRequest> requests, Func<T, TRequest> request, CancellationToken stop)
    {
        await foreach (var message in input.ReadAllAsync(stop))
            await requests.WriteAsync(request(message), stop);
    }

    public void Finish(StageSummary last)
    {
        if (last.BundleSha256 != bundleSha256)
            throw Broken($"a replica has loaded another bundle ({last.BundleSha256}) than the one that was described ({bundleSha256})");
        summary = last;
    }

    /// <summary>A tensor of the response, checked for its shape.</summary>
    public Memory<float> Floats(V1.Tensor? tensor, string name, params ReadOnlySpan<long> shape)
    {
        try
        {
            var values = tensor.ToHostTensor(name, shape);
            return values.Type == ElementType.Float32 ? values.Floats : throw Broken($"{name}: must be float32");
        }
        catch (InputFault fault)
        {
            throw Broken(fault.Message);
        }
    }

    /// <summary>Runs code on a response. A malformed response becomes a failure of the stage.</summary>
    public void Checked(Action take)
    {
        try
        {
            take();
        }
        catch (InputFault fault)
        {
            throw Broken(fault.Message);
        }
    }

    /// <summary>The failure of a stage that violates the protocol.</summary>
    public StageFailure Broken(string detail) => new(stage, StatusCode.Internal, detail);

    async Task CallAsync(Func<RequestStream<TRequest>, CancellationToken, Task> write, Func<TResponse, CancellationToken, ValueTask> read)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(run.Stop);
        using var call = open(new CallOptions(deadline: run.Deadline.ForCall, cancellationToken: ended.Token));
        var writing = WriteAsync(new(call.RequestStream), write, ended);
        Exception? failure = null;
        try
        {
            while (await call.ResponseStream.MoveNext(ended.Token))
                await read(call.ResponseStream.Current, ended.Token);
        }
        catch (RpcException e)
        {
            failure = run.Stop.IsCancellationRequested ? new OperationCanceledException(run.Stop) : StageFailure.From(stage, e);
        }
        catch (Exception e)
        {
            failure = e;
        }
        await ended.CancelAsync();
        // Report the write failure; cancellation only followed from it.
        if ((await writing ?? failure) is { } reason)
            ExceptionDispatchInfo.Throw(reason);
    }

    /// <summary>Null, or the reason why the input could not be read. If the call has ended, its responses give the reason.</summary>
    static async Task<Exception?> WriteAsync(
        RequestStream<TRequest> requests, Func<RequestStream<TRequest>, CancellationToken, Task> write, CancellationTokenSource ended)
    {
        try
        {
            await write(requests, ended.Token);
            await requests.CompleteAsync(ended.Token);
            return null;
        }
        catch (Exception e) when (e is CallEndedException or OperationCanceledException)
        {
            return null;
        }
        catch (Exception e)
        {
            await ended.CancelAsync();
            return e;
        }
    }
}
