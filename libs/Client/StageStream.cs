using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Grpc.Core;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>One stage's call within a pipeline: requests are written while answers are read.</summary>
/// <param name="stage">See <see cref="StageNames"/>.</param>
/// <param name="run">The pipeline.</param>
/// <param name="bundleSha256">What the stage said that it has loaded.</param>
/// <param name="open">Opens the call.</param>
/// <param name="resumes">Whether <see cref="RunAsync"/>'s writer can go on where an attempt broke off, so that the call may always be
/// repeated.</param>
sealed class StageStream<TRequest, TResponse>(
    string stage,
    PipelineRun run,
    string bundleSha256,
    Func<CallOptions, AsyncDuplexStreamingCall<TRequest, TResponse>> open,
    bool resumes = false)
{
    readonly Repeatable repeatable = new();
    readonly StageProgress progress = run.Track(stage);
    StageSummary? summary;

    /// <summary>
    /// Runs the call to its end; again if its stage became unavailable before anything was taken from its inputs or received, or if it
    /// resumes.
    /// </summary>
    /// <param name="write">Writes the requests; marks <see cref="Taken"/> before it takes from its inputs.</param>
    /// <param name="read">Takes one answer.</param>
    public async Task<StageSummary> RunAsync(
        Func<RequestStream<TRequest>, CancellationToken, Task> write, Func<TResponse, CancellationToken, ValueTask> read)
    {
        await run.Retry.ExecuteAsync(run.Deadline, repeatable, stop => AttemptAsync(write, read, stop), run.Stop);
        progress.HasEnded = true;
        return summary ?? throw Broken("its answer ended without a summary");
    }

    /// <summary>From here on the call cannot be repeated, unless it resumes.</summary>
    public void Taken()
    {
        if (!resumes)
            repeatable.Spend();
    }

    /// <summary>Hands a message on to the next stage; waits while that has enough to do.</summary>
    public async ValueTask PassOnAsync<T>(ChannelWriter<T> next, T message, CancellationToken stop)
    {
        if (next.TryWrite(message))
            return;
        progress.WaitsForNext = true;
        await next.WriteAsync(message, stop);
        progress.WaitsForNext = false;
    }

    /// <summary>Writes everything that comes from the stage before.</summary>
    public async Task ForwardAsync<T>(
        ChannelReader<T> input, RequestStream<TRequest> requests, Func<T, TRequest> request, CancellationToken stop)
    {
        while (await input.WaitToReadAsync(stop))
        {
            Taken();
            while (input.TryRead(out var message))
                await requests.WriteAsync(request(message), stop);
        }
    }

    public void Finish(StageSummary last)
    {
        if (last.BundleSha256 != bundleSha256)
            throw Broken($"a replica has loaded another bundle ({last.BundleSha256}) than the one that was described ({bundleSha256})");
        summary = last;
    }

    /// <summary>A tensor that the stage answered.</summary>
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

    /// <summary>Takes what the stage answered.</summary>
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

    /// <summary>The stage did not keep to the protocol.</summary>
    public StageFailure Broken(string detail) => new(stage, StatusCode.Internal, detail);

    async Task<bool> AttemptAsync(
        Func<RequestStream<TRequest>, CancellationToken, Task> write,
        Func<TResponse, CancellationToken, ValueTask> read,
        CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var call = open(new CallOptions(deadline: run.Deadline, cancellationToken: ended.Token));
        var writing = WriteAsync(new(call.RequestStream), write, ended);
        Exception? failure = null;
        try
        {
            while (await call.ResponseStream.MoveNext(ended.Token))
            {
                Taken();
                await read(call.ResponseStream.Current, ended.Token);
            }
        }
        catch (RpcException e)
        {
            failure = stop.IsCancellationRequested ? new OperationCanceledException(stop) : StageFailure.From(stage, e);
        }
        catch (Exception e)
        {
            failure = e;
        }
        await ended.CancelAsync();
        // What went wrong with the input is the reason, that the call was then cancelled its consequence.
        if ((await writing ?? failure) is { } reason)
            ExceptionDispatchInfo.Throw(reason);
        return true;
    }

    /// <summary>Null, or why the input could not be read. That the call has ended is told by its answers.</summary>
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
