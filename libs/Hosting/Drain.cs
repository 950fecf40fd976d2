using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

/// <summary>
/// Stops a process without losing calls. The process keeps listening; its health is NOT_SERVING, new calls are refused as UNAVAILABLE so
/// that the client repeats them elsewhere, and running calls may finish. Calls that exceed the grace period are cancelled and also end as
/// UNAVAILABLE.
/// </summary>
public sealed class Drain(IOptions<RewasOptions> options, ILogger<Drain> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>Prefix of the calls that count as work. Health and reflection do not.</summary>
    const string WorkPrefix = "/rewas.v1.";

    /// <summary>Time in which a cancelled call must end before its connection is closed.</summary>
    static readonly TimeSpan HandBackTime = TimeSpan.FromSeconds(5);

    readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource handBack = new();
    volatile bool begun;
    int held = 1;                                                            // running calls, plus one for the process until it drains

    /// <summary>Whether the process was told to stop.</summary>
    public bool HasBegun => begun;

    /// <summary>Whether the grace period is over and the process has cancelled the running calls.</summary>
    public bool HandsBack => handBack.IsCancellationRequested;

    /// <summary>Longest time that draining takes.</summary>
    internal static TimeSpan LongestTime(RewasOptions options) => options.DrainDelay + options.GracePeriod + HandBackTime;

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value?.StartsWith(WorkPrefix, StringComparison.Ordinal) != true)
        {
            await next(context);
            return;
        }
        Interlocked.Increment(ref held);
        try
        {
            if (begun)
            {
                GrpcAnswer.Write(context.Response, new(StatusCode.Unavailable, "the process is being stopped"));
                return;
            }
            using var aborted = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, handBack.Token);
            context.RequestAborted = aborted.Token;
            await next(context);
        }
        finally
        {
            Release();
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        begun = true;
        Release();
        var (delay, grace) = (options.Value.DrainDelay, options.Value.GracePeriod);
        var running = Volatile.Read(ref held);
        if (running > 0)
            log.Draining(running, grace.TotalSeconds);
        await Task.Delay(delay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await idle.Task.WaitAsync(grace, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!idle.Task.IsCompleted)
            log.HandingBack(Volatile.Read(ref held));
        await handBack.CancelAsync();
        await idle.Task.WaitAsync(HandBackTime, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => handBack.Dispose();

    void Release()
    {
        if (Interlocked.Decrement(ref held) == 0)
            idle.TrySetResult();
    }
}
