using System.Net.ServerSentEvents;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Rewas.Gateway.Web.Sounds;
using Rewas.Protocol.Sounds;
using Rewas.V1;

namespace Rewas.Tests.Gateway.Web;

/// <summary>How a stream of events ends when the call behind it fails.</summary>
public sealed class SoundEventsTests
{
    readonly List<SseItem<object>> events = [];

    [Theory]
    [InlineData(StatusCode.DeadlineExceeded, RenderState.Running)]           // the longest call of a gateway
    [InlineData(StatusCode.DeadlineExceeded, RenderState.Succeeded)]         // the rest of the samples comes with the next call
    [InlineData(StatusCode.Unavailable, RenderState.Queued)]
    [InlineData(StatusCode.Internal, RenderState.Running)]
    public async Task A_call_that_breaks_off_before_the_end_is_not_done(StatusCode status, RenderState state)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(status, state));
        Assert.Equal(status, failure.StatusCode);
        Assert.Equal(["progress"], events.Select(one => one.EventType));
    }

    [Theory]
    [InlineData(StatusCode.DeadlineExceeded, RenderState.Failed)]            // the sound was not made before its own deadline
    [InlineData(StatusCode.Unavailable, RenderState.Failed)]
    [InlineData(StatusCode.FailedPrecondition, RenderState.Cancelled)]
    public async Task A_sound_that_has_failed_is_done(StatusCode status, RenderState state)
    {
        await ReadAsync(status, state);
        Assert.Equal(["progress", "done"], events.Select(one => one.EventType));
        Assert.Equal(state.ToString().ToLowerInvariant(), Assert.IsType<SoundView>(events[^1].Data).Status);
    }

    async Task ReadAsync(StatusCode status, RenderState state)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await foreach (var one in SoundEvents.OfAsync(new Studio(status, state), "render", 0, Wait.Patience, cancellation))
            events.Add(one);
    }

    /// <summary>A studio whose watch ends with a status after its first event.</summary>
    sealed class Studio(StatusCode ends, RenderState state) : V1.SoundStudio.SoundStudioClient
    {
        public override AsyncServerStreamingCall<RenderEvent> WatchRender(WatchRenderRequest request, CallOptions options) => new(
            new OneEvent(ends), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => new Metadata(), () => { });

        public override AsyncUnaryCall<RenderStatus> GetRenderAsync(GetRenderRequest request, CallOptions options) => new(
            Task.FromResult(new RenderStatus
            {
                RenderId = request.RenderId,
                State = state,
                Progress = new(),
                Request = new() { Options = new() { Prompt = "rain" } },
                Created = Timestamp.FromDateTime(DateTime.UtcNow),
            }),
            Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => new Metadata(), () => { });
    }

    sealed class OneEvent(StatusCode ends) : IAsyncStreamReader<RenderEvent>
    {
        bool isRead;

        public RenderEvent Current { get; } = new() { Progress = new() };

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (isRead)
                return Task.FromException<bool>(new RpcException(new(ends, "over")));
            isRead = true;
            return Task.FromResult(true);
        }
    }
}
