using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rewas.Hosting.Access;

/// <summary>
/// The calls in progress of authenticated callers. Each second it ends the calls whose callers may not go on with them, because their key
/// was revoked, has expired or has lost the right.
/// </summary>
sealed class OpenCalls(TimeProvider time, ILogger<OpenCalls> log) : BackgroundService
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<OpenCall, byte> calls = [];

    /// <summary>Adds a call. Dispose it when the call has ended.</summary>
    public OpenCall Add(HttpContext context, Caller caller, string method)
    {
        var call = new OpenCall(context, caller, method, over => calls.TryRemove(over, out _));
        calls[call] = 0;
        return call;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (var call in calls.Keys)
                    await EndIfLapsedAsync(call);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <summary>One call that cannot be looked at or ended keeps no other one open, and does not end the host.</summary>
    async Task EndIfLapsedAsync(OpenCall call)
    {
        try
        {
            await call.EndIfLapsedAsync();
        }
        catch (Exception failure)
        {
            log.CallNotEnded(failure);
        }
    }
}

/// <summary>A call in progress of an authenticated caller. While it lasts, it decides when the request counts as aborted.</summary>
sealed class OpenCall : IDisposable
{
    readonly HttpContext context;
    readonly Caller caller;
    readonly string method;
    readonly CancellationToken aborted;
    readonly CancellationTokenSource lapse = new(), end;
    readonly Action<OpenCall> over;
    readonly Lock gate = new();
    bool isOver;

    public OpenCall(HttpContext context, Caller caller, string method, Action<OpenCall> over)
    {
        (this.context, this.caller, this.method, this.over, aborted) = (context, caller, method, over, context.RequestAborted);
        end = CancellationTokenSource.CreateLinkedTokenSource(aborted, lapse.Token);
        context.RequestAborted = end.Token;
    }

    /// <summary>Why the caller may not go on; null while it may.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Cancelled when the caller may not go on. RequestAborted is cancelled then too, and when the client has gone.</summary>
    public CancellationToken Lapsed => lapse.Token;

    public async Task EndIfLapsedAsync()
    {
        if (caller.Lapsed(method) is not { } refusal)
            return;
        Task ending;
        lock (gate)
        {
            if (isOver || Refusal is not null)
                return;
            Refusal = refusal;
            ending = lapse.CancelAsync();
        }
        await ending;
    }

    public void Dispose()
    {
        lock (gate)
            isOver = true;
        over(this);
        context.RequestAborted = aborted;
        end.Dispose();
        lapse.Dispose();
    }
}
