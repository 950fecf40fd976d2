using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Rewas.Tests.Client;

namespace Rewas.Tests.Gateway;

public sealed class EjectionTests
{
    const int AtATime = 4;

    static readonly TimeSpan EjectionTime = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_replica_whose_calls_fail_one_after_another_gets_none_for_a_while_and_then_one()
    {
        var broken = true;
        StageDoubles bad = new(), good = new();
        bad.BeforeDescribe = _ => broken ? throw new InvalidOperationException("out of memory") : Task.CompletedTask;
        var clock = new FakeTimeProvider();
        await using var one = await StageHost.StartAsync(bad);
        await using var two = await StageHost.StartAsync(good);
        await using var gateway = await GatewayHost.StartAsync(
            _ => [one.Address, two.Address], services => services.AddSingleton<TimeProvider>(clock),
            ("Gateway:FailuresToEject", "3"), ("Gateway:EjectionTime", $"{EjectionTime}"), ("Gateway:HealthInterval", "01:00:00"),
            ("Gateway:HealthTimeout", "00:01:00"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        var client = new V1.Vocoder.VocoderClient(channel);

        // Its health check succeeds, but its calls fail.
        // Concurrent calls are spread by chance, and a caller learns of a failure a little before the gateway records it. So repeat until a
        // round has no failures.
        await Wait.UntilAsync(async () => await FailuresAsync(client) == 0 && bad.HeadersSeen.Count >= 3, "it is ejected");
        clock.Advance(0.9 * EjectionTime);
        await NoneFailsAsync(client);

        // After a while, calls are tried on it again. One failure is then enough.
        clock.Advance(0.2 * EjectionTime);
        var failures = 0;
        await Wait.UntilAsync(async () => (failures = await FailuresAsync(client)) > 0, "it is tried again");
        await Wait.UntilAsync(async () => await FailuresAsync(client) == 0, "it is ejected again");
        await NoneFailsAsync(client);
        Assert.InRange(failures, 1, AtATime);

        // Once repaired, it serves again.
        broken = false;
        var before = bad.HeadersSeen.Count;
        clock.Advance(1.1 * EjectionTime);
        await Wait.UntilAsync(async () =>
        {
            Assert.Equal(0, await FailuresAsync(client));
            return bad.HeadersSeen.Count >= before + 2;
        }, "it serves again");
    }

    [Fact]
    public async Task Refusals_are_no_failures_of_a_replica()
    {
        var doubles = new StageDoubles
        {
            BeforeDescribe = _ => throw Rewas.Clip.Faults.InputFault.Invalid("prompt", "must have 1 to 2000 characters, but is empty"),
        };
        var other = new StageDoubles { BeforeDescribe = doubles.BeforeDescribe };
        await using var one = await StageHost.StartAsync(doubles);
        await using var two = await StageHost.StartAsync(other);
        await using var gateway = await GatewayHost.StartAsync(
            _ => [one.Address, two.Address], ("Gateway:FailuresToEject", "1"), ("Gateway:HealthTimeout", "00:01:00"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);

        for (var call = 1; call <= 40; call++)
        {
            Assert.Equal(
                StatusCode.InvalidArgument,
                (await Assert.ThrowsAsync<RpcException>(
                    () => new V1.Vocoder.VocoderClient(channel).DescribeAsync(new()).ResponseAsync)).StatusCode);
            // A caller has its answer a little before its call no longer counts as one of the replica. The line is written after that.
            await Wait.UntilAsync(() => gateway.Log.Of("Rewas.Audit").Count() == call, "the call is over");
        }

        // One after another, all calls go to the same replica.
        Assert.Contains(40, new[] { doubles.HeadersSeen.Count, other.HeadersSeen.Count });
    }

    static async Task NoneFailsAsync(V1.Vocoder.VocoderClient client)
    {
        for (var round = 0; round < 10; round++)
            Assert.Equal(0, await FailuresAsync(client));
    }

    /// <summary>Makes some calls at a time, so that all replicas get some. Returns how many failed.</summary>
    static async Task<int> FailuresAsync(V1.Vocoder.VocoderClient client)
    {
        var calls = await Task.WhenAll(
            Enumerable.Range(0, AtATime).Select(async _ => await Record.ExceptionAsync(() => client.DescribeAsync(new()).ResponseAsync)));
        Assert.All(
            calls.OfType<Exception>(), failure => Assert.Equal(StatusCode.Internal, Assert.IsType<RpcException>(failure).StatusCode));
        return calls.Count(failure => failure is not null);
    }
}
