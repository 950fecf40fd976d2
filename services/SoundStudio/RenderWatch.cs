using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Protocol;
using Rewas.Store.Leases;
using Rewas.Store.Settings;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// Follows a render for a caller, while it is made or afterwards. The replica that makes it reads its own files. Others read the store,
/// about a second later.
/// </summary>
public sealed class RenderWatch(
    LeaseTable leases, RenderRunner runner, HeardSound heard, IOptions<StoreOptions> store, TimeProvider time)
{
    public async Task FollowAsync(LeaseRow render, long from, IServerStreamWriter<RenderEvent> responses, CancellationToken cancellation)
    {
        var told = Array.Empty<byte>();
        while (true)
        {
            var now = await leases.ReadAsync(render.Id, cancellation)
                ?? throw InputFault.NotFound("render_id", $"'{render.Id}' was deleted while it was made");
            if (now.State == (long)RenderStage.Failed)
                throw RenderFailure.Read(now.Progress);
            if (now.State == (long)RenderStage.Cancelled)
                throw RenderFailure.Cancelled(render.Id);
            if (now.State == (long)RenderStage.Made)
                break;
            runner.Ensure(render.Id);
            if (runner.Local(render.Id) is { HasEnded: false } local)
                from = await TellAsync(local, from, responses, cancellation);
            else
            {
                if (!now.Progress.AsSpan().SequenceEqual(told))
                {
                    told = now.Progress;
                    await responses.WriteAsync(new() { Progress = RenderProgress.Parser.ParseFrom(told) }, cancellation);
                }
                while (await heard.ReadAsync(render.Id, from, cancellation) is { Length: > 0 } samples)
                {
                    await responses.WriteAsync(WaveOf(from, samples), cancellation);
                    from += samples.Length;
                }
            }
            await PauseAsync(render.Id, cancellation);
        }
        StudioRendering made;
        do
        {
            made = await runner.ReadAsync(render, cancellation);
            from = await TellAsync(made, from, responses, cancellation);
        }
        // A follower who reads slowly has not heard all of it when it is forgotten as unused.
        while (from < made.Samples && runner.Local(render.Id) != made);
        await responses.WriteAsync(new() { End = RenderMessages.EndOf(await made.Made) }, cancellation);
    }

    /// <summary>Waits for the next look at the database, less if this replica ends the render before.</summary>
    async Task PauseAsync(string render, CancellationToken cancellation)
    {
        var (ended, pause) = (runner.Ended(render), Task.Delay(store.Value.PollInterval, time, cancellation));
        await (ended.IsCompleted ? pause : Task.WhenAny(ended, pause));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Sends progress and samples until the making ends. How it ended is in the database.</summary>
    /// <returns>The next sample to send.</returns>
    static async Task<long> TellAsync(
        StudioRendering rendering, long from, IServerStreamWriter<RenderEvent> responses, CancellationToken cancellation)
    {
        await foreach (var (state, first, samples) in rendering.WatchAsync(from, cancellation))
        {
            await responses.WriteAsync(state is { } now ? new() { Progress = now.ToMessage() } : WaveOf(first, samples!), cancellation);
            from += samples?.Length ?? 0;
        }
        return from;
    }

    static RenderEvent WaveOf(long first, float[] samples) => new()
    {
        Wave = new() { FirstSample = first, Samples = HostTensor.Of(samples, samples.Length).ToMessage("wave") },
    };
}
