using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Rewas.Clip.Faults;
using Rewas.Protocol.Sounds;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>
/// What happens to a sound, as server-sent events. The id of an event is the number of samples that its reader knows of. The same samples
/// come again after a restart of any process, so a reader goes on from its last id.
/// </summary>
static class SoundEvents
{
    const string Progress = "progress", MoreSound = "sound", Done = "done", Ping = "ping";

    static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);

    /// <summary>The number of samples in the id of an event; 0 for none.</summary>
    /// <exception cref="InputFault">It is no id of these events.</exception>
    public static long SamplesIn(string? id) => string.IsNullOrEmpty(id) ? 0
        : long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var samples) ? samples
        : throw InputFault.Invalid("Last-Event-ID", "must be the id of an event of this sound");

    /// <param name="from">Samples that the reader knows of.</param>
    public static async IAsyncEnumerable<SseItem<object>> OfAsync(
        SoundStudio.SoundStudioClient studio, string render, long from, TimeSpan pingInterval,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = studio.WatchRender(new() { RenderId = render, FromSample = from }, cancellationToken: cancellation);
        var (known, told) = (from, new RenderProgress());
        var next = NextAsync(call, studio, render, cancellation);
        while (true)
        {
            if (!next.IsCompleted && await Task.WhenAny(next, Task.Delay(pingInterval, cancellation)) != next)
            {
                yield return Item(new { }, Ping, known);
                continue;
            }
            if (!await next)
                break;
            switch (call.ResponseStream.Current)
            {
                case { Progress: { } progress }:
                    told = progress;
                    yield return Item(SoundProgress.Of(progress, known), Progress, known);
                    break;
                case { Wave: { } wave }:
                    known = wave.FirstSample + wave.Samples.Shape[0];
                    yield return Item(SoundProgress.Of(told, known), MoreSound, known);
                    break;
            }
            next = NextAsync(call, studio, render, cancellation);
        }
        var status = await studio.GetRenderAsync(new() { RenderId = render }, cancellationToken: cancellation);
        yield return Item(SoundView.Of(status), Done, known);
    }

    /// <returns>False when the render has ended, in whatever way.</returns>
    /// <exception cref="RpcException">The call has broken off before the end. The reader asks again.</exception>
    static async Task<bool> NextAsync(
        AsyncServerStreamingCall<RenderEvent> call, SoundStudio.SoundStudioClient studio, string render, CancellationToken cancellation)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellation);
        }
        catch (RpcException failure) when (!cancellation.IsCancellationRequested)
        {
            // Only the state tells the failure of a render from that of a call: either may be UNAVAILABLE, or past its deadline. A gateway
            // ends a call that goes on for too long.
            var status = await studio.GetRenderAsync(new() { RenderId = render }, cancellationToken: cancellation);
            var isCut = failure.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.DeadlineExceeded;
            if (status.State is RenderState.Failed or RenderState.Cancelled || (status.State is RenderState.Succeeded && !isCut))
                return false;
            throw;
        }
    }

    static SseItem<object> Item(object data, string type, long samples) => new(data, type)
    {
        EventId = samples.ToString(CultureInfo.InvariantCulture),
        ReconnectionInterval = Reconnect,
    };
}
