using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Hosting;
using Rewas.Tests.Client;
using Rewas.Tests.Services;

namespace Rewas.Tests.Gateway;

public sealed class OverloadTests
{
    const int Capacity = 4, Callers = 10 * Capacity;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(100);

    [Fact]
    public Task At_ten_times_its_capacity_accepted_calls_keep_their_deadline_and_others_are_refused_early() =>
        OverloadAsync(TimeSpan.FromSeconds(6));

    [Fact(Explicit = true)]                                                  // run it with -explicit on
    public Task The_same_for_a_minute() => OverloadAsync(TimeSpan.FromMinutes(1));

    static async Task OverloadAsync(TimeSpan load)
    {
        await using var stages = await ServiceHost.StartAsync(("AudioDiffusion:QueueCapacity", $"{Capacity}"));
        await using var gateway = await GatewayHost.StartAsync(_ => [new($"http://{stages.Channel.Target}")]);
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        var client = new V1.AudioDiffusion.AudioDiffusionClient(channel);
        await CallAsync(client);
        var calls = new ConcurrentBag<(StatusCode Status, TimeSpan Elapsed, string? Hint, string Detail)>();
        using var end = new CancellationTokenSource(load);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
            {
                var call = await CallAsync(client);
                calls.Add(call);
                if (call.Status != StatusCode.OK)
                    await Task.Delay(Pause);
            }
        }));

        var (accepted, refused) = (
            calls.Where(call => call.Status == StatusCode.OK).ToList(),
            calls.Where(call => call.Status is StatusCode.ResourceExhausted or StatusCode.Unavailable).ToList());
        TestContext.Current.SendDiagnosticMessage(
            $"{accepted.Count} accepted, the slowest in {accepted.Max(c => c.Elapsed.TotalSeconds):0.00} s; {refused.Count} refused, "
            + $"the slowest in {refused.Max(c => c.Elapsed.TotalSeconds):0.00} s");
        Assert.Empty(
            calls.Except([.. accepted, .. refused])
                .GroupBy(call => $"{call.Status} {call.Detail}")
                .Select(group => $"{group.Key}: {group.Count()}"));
        Assert.True(accepted.Count >= Capacity, $"{accepted.Count} accepted");
        Assert.True(refused.Count > Callers, $"{refused.Count} refused");
        Assert.All(accepted, call => Assert.InRange(call.Elapsed, TimeSpan.Zero, Deadline));
        // HTTP/2 may lose the status of a stage that refused before everything was sent. The gateway then says UNAVAILABLE, which may be
        // repeated too.
        var told = refused.Where(call => call.Status == StatusCode.ResourceExhausted).ToList();
        Assert.True(told.Count >= 0.5 * refused.Count, $"{told.Count} of {refused.Count} were told why");
        Assert.All(told, call => Assert.True(int.Parse(call.Hint!) > 0));
        Assert.InRange(
            refused.Select(call => call.Elapsed.TotalSeconds).Order().ElementAt(refused.Count * 95 / 100), 0, Deadline.TotalSeconds / 2);

        // After the load, the gateway serves as before.
        for (var call = 0; call < Capacity; call++)
            Assert.Equal(StatusCode.OK, (await CallAsync(client)).Status);
    }

    static async Task<(StatusCode Status, TimeSpan Elapsed, string? Hint, string Detail)> CallAsync(
        V1.AudioDiffusion.AudioDiffusionClient client)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            await client.Generate(deadline: DateTime.UtcNow + Deadline).Exchange(
                new V1.GenerateRequest { Options = new() { Prompt = "a dog barks", Seed = 1, Steps = 10 } },
                new V1.GenerateRequest { Energy = new() { Window = 0, Energy = StageDoubles.Filled("energy", -5, 512) } });
            return (StatusCode.OK, watch.Elapsed, null, "");
        }
        catch (RpcException failure)
        {
            return (
                failure.StatusCode, watch.Elapsed, failure.Trailers.GetValue(FaultInterceptor.RetryAfterTrailer), failure.Status.Detail);
        }
    }
}
