using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Tests.Client;

namespace Rewas.Tests.Gateway;

public sealed class EjectionTests
{
    [Fact]
    public async Task A_replica_whose_calls_fail_one_after_another_gets_none_for_a_while_and_then_one()
    {
        var broken = true;
        var (bad, good) = (new StageDoubles(), new StageDoubles());
        bad.BeforeDescribe = _ => broken ? throw new InvalidOperationException("out of memory") : Task.CompletedTask;
        await using var one = await StageHost.StartAsync(bad);
        await using var two = await StageHost.StartAsync(good);
        await using var gateway = await GatewayHost.StartAsync(
            _ => [one.Address, two.Address], ("Gateway:FailuresToEject", "3"), ("Gateway:EjectionTime", "00:00:02"), ("Gateway:HealthInterval", "01:00:00"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        var client = new V1.Vocoder.VocoderClient(channel);

        // Its health check says that all is well; its calls do not.
        var failures = 0;
        for (var call = 0; call < 100 && failures < 3; call++)
            failures += await FailsAsync(client) ? 1 : 0;
        Assert.Equal(3, failures);
        for (var call = 0; call < 30; call++)
            Assert.False(await FailsAsync(client));

        // After a while one call is tried on it again, and one failure is enough.
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        for (var call = 0; call < 30; call++)
            failures += await FailsAsync(client) ? 1 : 0;
        Assert.Equal(4, failures);

        // Mended, it serves again.
        broken = false;
        var before = bad.HeadersSeen.Count;
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        for (var call = 0; call < 30; call++)
            Assert.False(await FailsAsync(client));
        Assert.InRange(bad.HeadersSeen.Count - before, 2, 30);
    }

    [Fact]
    public async Task Refusals_are_no_failures_of_a_replica()
    {
        var doubles = new StageDoubles { BeforeDescribe = _ => throw Rewas.Faults.InputFault.Invalid("prompt", "must have 1 to 2000 characters, but is empty") };
        var other = new StageDoubles { BeforeDescribe = doubles.BeforeDescribe };
        await using var one = await StageHost.StartAsync(doubles);
        await using var two = await StageHost.StartAsync(other);
        await using var gateway = await GatewayHost.StartAsync(_ => [one.Address, two.Address], ("Gateway:FailuresToEject", "1"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);

        for (var call = 0; call < 40; call++)
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => new V1.Vocoder.VocoderClient(channel).DescribeAsync(new()).ResponseAsync)).StatusCode);

        // One after another, all go to the same.
        Assert.Contains(40, new[] { doubles.HeadersSeen.Count, other.HeadersSeen.Count });
    }

    static async Task<bool> FailsAsync(V1.Vocoder.VocoderClient client)
    {
        try
        {
            await client.DescribeAsync(new());
            return false;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Internal)
        {
            return true;
        }
    }
}
