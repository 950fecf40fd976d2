using Grpc.Core;
using Rewas.Client;
using Rewas.Protocol;

namespace Rewas.Tests.Client;

/// <summary>The same failures over sockets, whose connections can also be missing or lost.</summary>
public sealed class FailureOverSocketsTests : FailureTests
{
    private protected override Task<StageHost> StartAsync(StageDoubles doubles) => StageHost.StartAsync(doubles);

    [Fact]
    public async Task A_stage_that_is_not_there_is_named()
    {
        await using var host = await StageHost.StartAsync(new());
        var nobody = new Uri("http://127.0.0.1:1");
        using var client = RewasClient.Connect(new StageAddresses(host.Address, host.Address, nobody, host.Address), OneAttempt);

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal((StageNames.AudioDiffusion, StatusCode.Unavailable), (failure.Stage, failure.Status));
        Assert.Contains("Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_was_started_again_serves_the_next_call()
    {
        var host = await StageHost.StartAsync(new(), $"http://127.0.0.1:{Programs.FreePort()}");             // nobody takes it meanwhile
        var address = host.Address;
        using var client = RewasClient.Connect(address, new() { DescribeTimeout = Wait.Patience });
        await client.DescribeAsync();
        await host.DisposeAsync();

        await using var again = await StageHost.StartAsync(new(), address.OriginalString);

        Assert.Equal(4, (await client.DescribeAsync()).Count);
    }

    [Fact]
    public async Task A_stage_that_dies_during_the_call_is_unavailable()
    {
        var doubles = new StageDoubles
        {
            BeforeMel = (window, stop) => window == 1 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask,
        };
        await using var others = await StageHost.StartAsync(new());
        var diffusion = await StageHost.StartAsync(doubles);
        using var client =
            RewasClient.Connect(new StageAddresses(others.Address, others.Address, diffusion.Address, others.Address), OneAttempt);

        var generating = client.GenerateAsync(SoundRequests.With([]));
        await EventuallyAsync(() => doubles.MelsSent == 1);
        await diffusion.DisposeAsync();
        var failure = await Assert.ThrowsAsync<StageFailure>(() => generating);

        Assert.Equal((StageNames.AudioDiffusion, StatusCode.Unavailable), (failure.Stage, failure.Status));
    }
}
