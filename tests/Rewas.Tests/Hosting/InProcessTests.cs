using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Clip.Faults;
using Rewas.Hosting.InProcess;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Tests.Hosting;

/// <summary>Calls within a process behave as gRPC promises.</summary>
public sealed class InProcessTests : IAsyncDisposable
{
    readonly ServiceProvider services;
    readonly InProcessInvoker calls;
    readonly V1.Vocoder.VocoderClient client;
    readonly Handler handler = new();

    public InProcessTests()
    {
        services = new ServiceCollection().AddLogging().AddPrivateDefaults().AddSingleton(handler)
            .AddInProcess<Service>(V1.Vocoder.Descriptor.FullName, V1.Vocoder.BindService)
            .BuildServiceProvider();
        calls = services.GetRequiredService<InProcessInvoker>();
        client = new(calls);
    }

    public async ValueTask DisposeAsync()
    {
        await calls.DisposeAsync();
        await services.DisposeAsync();
    }

    [Fact]
    public async Task Answers_and_statuses_of_single_messages()
    {
        Assert.Equal("here", (await client.DescribeAsync(new(), deadline: DateTime.UtcNow + Wait.Patience)).Stage);
        handler.Describe = _ => throw InputFault.NotFound("stage", "is not there");
        var call = client.DescribeAsync(new());
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal((StatusCode.NotFound, "stage: is not there"), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal("stage", failure.Trailers.GetValue("rewas-field"));
        Assert.Equal(StatusCode.NotFound, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unimplemented() =>
        Assert.Equal(
            StatusCode.Unimplemented,
            (await Assert.ThrowsAsync<RpcException>(
                () => new V1.AudioDiffusion.AudioDiffusionClient(calls).DescribeAsync(new()).ResponseAsync)).StatusCode);

    [Fact]
    public async Task Bugs_are_told_without_their_details()
    {
        handler.Describe = _ => throw new InvalidOperationException("secret");
        var failure = await Assert.ThrowsAsync<RpcException>(() => client.DescribeAsync(new()).ResponseAsync);
        Assert.Equal((StatusCode.Internal, "internal error"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task A_deadline_ends_the_call_and_its_handler()
    {
        var told = new TaskCompletionSource();
        handler.Describe = context => WaitAsync(context, told);
        // The handler of a call whose deadline has passed before its turn comes is not called.
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => client.DescribeAsync(new(), deadline: DateTime.UtcNow.AddSeconds(10)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await told.Task.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_deadline_ends_the_call_of_a_handler_that_does_not_listen()
    {
        var release = new TaskCompletionSource<DescribeResponse>();
        handler.Describe = _ => release.Task;
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => client.DescribeAsync(new(), deadline: DateTime.UtcNow.AddMilliseconds(50)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        release.SetResult(new());
    }

    [Fact]
    public async Task Cancelling_ends_the_call_and_its_handler()
    {
        var (begun, told) = (new TaskCompletionSource(), new TaskCompletionSource());
        handler.Describe = context =>
        {
            begun.SetResult();
            return WaitAsync(context, told);
        };
        using var stop = new CancellationTokenSource();
        var call = client.DescribeAsync(new(), cancellationToken: stop.Token);
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await told.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Disposing_of_a_call_cancels_it()
    {
        var (begun, told) = (new TaskCompletionSource(), new TaskCompletionSource());
        handler.Synthesize = async (_, _, context) =>
        {
            begun.SetResult();
            await WaitAsync(context, told);
        };
        using (client.Synthesize(cancellationToken: TestContext.Current.CancellationToken))
            await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        await told.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_message_is_as_it_was_when_it_was_written()
    {
        var bytes = new byte[] { 1, 2, 3 };
        handler.Synthesize = async (requests, responses, context) =>
        {
            await requests.MoveNext(context.CancellationToken);
            await requests.MoveNext(context.CancellationToken);
            await responses.WriteAsync(new() { Wave = new() { Samples = requests.Current.Mel.Mel } });
        };
        using var call = client.Synthesize(cancellationToken: TestContext.Current.CancellationToken);
        var tensor = new Tensor { Data = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(bytes) };
        await call.RequestStream.WriteAsync(new() { Options = new() }, TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new() { Mel = new() { Mel = tensor } }, TestContext.Current.CancellationToken);
        bytes[0] = 9;                                                        // the buffer belongs to the writer again
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal([1, 2, 3], call.ResponseStream.Current.Wave.Samples.Data.ToByteArray());
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused()
    {
        handler.Synthesize = async (requests, _, context) =>
        {
            while (await requests.MoveNext(context.CancellationToken))
                continue;
        };
        using var call = client.Synthesize(cancellationToken: TestContext.Current.CancellationToken);
        var tensor = new Tensor { Data = Google.Protobuf.ByteString.CopyFrom(new byte[MessageLimits.MessageBytes]) };
        await call.RequestStream.WriteAsync(new() { Mel = new() { Mel = tensor } }, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task Answers_that_came_before_a_failure_are_read_before_it()
    {
        handler.Synthesize = async (_, responses, _) =>
        {
            await responses.WriteAsync(new() { Wave = new() { FirstSample = 7 } });
            throw InputFault.Invalid("mel", "is wrong");
        };
        using var call = client.Synthesize(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(7, call.ResponseStream.Current.Wave.FirstSample);
        Assert.Equal(
            StatusCode.InvalidArgument,
            (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))).StatusCode);
    }

    [Fact]
    public async Task Writing_to_a_call_that_has_ended_tells_its_status()
    {
        handler.Synthesize = (_, _, _) => throw InputFault.Invalid("mel", "is wrong");
        using var call = client.Synthesize(cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var failure =
            await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new(), TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task The_end_of_the_host_ends_its_calls_and_waits_for_their_handlers()
    {
        var (begun, ended) = (new TaskCompletionSource(), false);
        handler.Describe = async context =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Yield();
            ended = true;
            return new();
        };
        var call = client.DescribeAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        await calls.DisposeAsync();
        Assert.True(ended);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        Assert.Equal(
            StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => client.DescribeAsync(new()).ResponseAsync)).StatusCode);
    }

    static async Task<DescribeResponse> WaitAsync(ServerCallContext context, TaskCompletionSource told)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            told.SetResult();
        }
        return new();
    }

    sealed class Handler
    {
        public Func<ServerCallContext, Task<DescribeResponse>> Describe { get; set; } =
            _ => Task.FromResult(new DescribeResponse { Stage = "here" });

        public Func<IAsyncStreamReader<SynthesizeRequest>, IServerStreamWriter<SynthesizeResponse>, ServerCallContext, Task> Synthesize
        {
            get;
            set;
        } = (_, _, _) => Task.CompletedTask;
    }

    sealed class Service(Handler handler) : V1.Vocoder.VocoderBase
    {
        public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => handler.Describe(context);

        public override Task Synthesize(
            IAsyncStreamReader<SynthesizeRequest> requestStream,
            IServerStreamWriter<SynthesizeResponse> responseStream,
            ServerCallContext context) =>
            handler.Synthesize(requestStream, responseStream, context);
    }
}
