using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Tests.Client;

namespace Rewas.Tests.Gateway;

public sealed class EjectionTests
{
    const int AtATime = 4;

    /// <summary>Less than the four seconds for which a replica gets no calls.</summary>
    static readonly TimeSpan WellBeforeItsTime = TimeSpan.FromSeconds(2.5);

    [Fact]
    public async Task A_replica_whose_calls_fail_one_after_another_gets_none_for_a_while_and_then_one()
    {
        var broken = true;
        StageDoubles bad = new(), good = new() { BeforeDescribe = _ => Task.Delay(50) };
        bad.BeforeDescribe = async _ =>
        {
            await Task.Delay(50);
            if (broken)
                throw new InvalidOperationException("out of memory");
        };
        await using var one = await StageHost.StartAsync(bad);
        await using var two = await StageHost.StartAsync(good);
        await using var gateway = await GatewayHost.StartAsync(
            _ => [one.Address, two.Address], ("Gateway:FailuresToEject", "3"), ("Gateway:EjectionTime", "00:00:04"), ("Gateway:HealthInterval", "01:00:00"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        var client = new V1.Vocoder.VocoderClient(channel);

        // Its health check says that all is well; its calls do not.
        while (bad.HeadersSeen.Count < 3)
            await FailuresAsync(client);
        var since = Stopwatch.StartNew();
        await Task.Delay(300, TestContext.Current.CancellationToken);        // a caller knows a little before the gateway notes it
        for (var round = 0; round < 10 && since.Elapsed < WellBeforeItsTime; round++)
            Assert.Equal(0, await FailuresAsync(client));

        // After a while calls are tried on it again, and one failure is enough.
        await Task.Delay(4500, TestContext.Current.CancellationToken);
        var failures = 0;
        since.Restart();
        for (var round = 0; round < 10 && since.Elapsed < WellBeforeItsTime; round++)
        {
            failures += await FailuresAsync(client);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.InRange(failures, 1, AtATime);

        // Mended, it serves again.
        broken = false;
        var before = bad.HeadersSeen.Count;
        await Task.Delay(4500, TestContext.Current.CancellationToken);
        for (var round = 0; round < 10; round++)
            Assert.Equal(0, await FailuresAsync(client));
        Assert.InRange(bad.HeadersSeen.Count - before, 2, 10 * AtATime);
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

    /// <summary>Some calls at a time, so that all replicas get some; how many failed.</summary>
    static async Task<int> FailuresAsync(V1.Vocoder.VocoderClient client)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ => await Record.ExceptionAsync(() => client.DescribeAsync(new()).ResponseAsync)));
        Assert.All(calls.OfType<Exception>(), failure => Assert.Equal(StatusCode.Internal, Assert.IsType<RpcException>(failure).StatusCode));
        return calls.Count(failure => failure is not null);
    }
}
