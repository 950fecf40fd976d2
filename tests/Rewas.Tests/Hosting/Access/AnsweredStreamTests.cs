using Grpc.Core;
using Rewas.Client;
using Rewas.Hosting.Access;
using Rewas.Tests.Client;
using Rewas.Tests.Services;

namespace Rewas.Tests.Hosting.Access;

/// <summary>
/// Streams that are answered before their callers have ended them. They stay for seconds on a connection that all callers share.
/// </summary>
public sealed class AnsweredStreamTests : IAsyncLifetime
{
    static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    ServiceHost? stages;
    GuardedGateway? gateway;

    public async ValueTask InitializeAsync()
    {
        stages = await ServiceHost.StartAsync();
        gateway = await GuardedGateway.StartBeforeAsync(new StageDoubles(), new($"http://{stages.Channel.Target}"));
    }

    [Fact]
    public async Task It_counts_as_in_progress_until_the_connection_has_forgotten_it()
    {
        using var caller = await ClientAsync("caller", new() { ConcurrentCalls = 1, CallsPerSecond = 0 });
        using var left = new V1.Vocoder.VocoderClient(caller.Channel).Synthesize(caller.Options);
        Assert.Equal(StatusCode.InvalidArgument, await AnswerAsync(left));
        Assert.Contains("at most 1 may be in progress", (await caller.RefusedAsync()).Status.Detail, StringComparison.Ordinal);
        await Wait.UntilAsync(async () => await Record.ExceptionAsync(caller.DescribeAsync) is null, "its place is free again");
    }

    /// <summary>A stage does not wait for the end of a request that it cannot read, or whose method it does not know.</summary>
    [Theory]
    [InlineData("Describe")]
    [InlineData("Nothing")]
    public async Task It_counts_though_its_method_takes_no_stream(string method)
    {
        using var caller = await ClientAsync("caller", new() { ConcurrentCalls = 1, CallsPerSecond = 0 });
        using var left = caller.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, "rewas.v1.Vocoder", method, Bytes, Bytes), host: null, caller.Options);
        // No message of protobuf. The answer may come before it is sent.
        await Record.ExceptionAsync(() => left.RequestStream.WriteAsync([0xff]));
        await Assert.ThrowsAsync<RpcException>(() => left.ResponseStream.MoveNext(CancellationToken.None));
        await Wait.UntilAsync(
            () => gateway!.Log.Of("Rewas.Audit").Any(line =>
                (string)line.Fields["Method"]! == $"rewas.v1.Vocoder/{method}"
                && line.Fields["Status"] is not (StatusCode.OK or StatusCode.Unauthenticated)),
            "the call is over");

        Assert.Contains("at most 1 may be in progress", (await caller.RefusedAsync()).Status.Detail, StringComparison.Ordinal);
        await Wait.UntilAsync(async () => await Record.ExceptionAsync(caller.DescribeAsync) is null, "its place is free again");
    }

    [Fact]
    public async Task Those_of_one_caller_break_no_call_of_another()
    {
        var key = gateway!.Add("hasty", entry => entry with { Limits = new() { CallsPerSecond = 0 } });
        using var other = await ClientAsync("other", new() { CallsPerSecond = 0 });
        var flood = Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            using var hasty = gateway.With(key);
            var open = new List<IDisposable>();
            for (var i = 0; i < 40; i++)
            {
                var call = new V1.Vocoder.VocoderClient(hasty.Channel).Synthesize(hasty.Options);
                open.Add(call);                                              // one that is disposed would be reset
                await AnswerAsync(call);
            }
            open.ForEach(call => call.Dispose());
        }));
        while (!flood.IsCompleted)
            await other.DescribeAsync();
        await flood;
    }

    public async ValueTask DisposeAsync()
    {
        await gateway!.DisposeAsync();
        await stages!.DisposeAsync();
    }

    async Task<GuardedGateway.Client> ClientAsync(string name, CallerLimits limits)
    {
        var client = gateway!.With(gateway.Add(name, entry => entry with { Limits = limits }));
        await Wait.UntilAsync(async () => await Record.ExceptionAsync(client.DescribeAsync) is null, "the key is known");
        // It may have its answer a little before its place is given back.
        await Wait.UntilAsync(
            () => gateway.Log.Of("Rewas.Audit").Any(line => (string)line.Fields["Caller"]! == name), "the first call is over");
        return client;
    }

    /// <summary>Sends what no stage takes as a first message, and does not end the stream.</summary>
    static async Task<StatusCode> AnswerAsync(AsyncDuplexStreamingCall<V1.SynthesizeRequest, V1.SynthesizeResponse> call)
    {
        try
        {
            var duplex = new DuplexCall<V1.SynthesizeRequest, V1.SynthesizeResponse>(call);
            await duplex.TryWriteAsync(new() { Mel = new() });
            await duplex.MoveNextAsync();
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }
}
