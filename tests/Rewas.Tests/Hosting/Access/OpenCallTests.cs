using System.Collections.Concurrent;
using Grpc.Core;
using Rewas.Client;
using Rewas.Hosting.Access;
using Rewas.Tests.Client;

namespace Rewas.Tests.Hosting.Access;

/// <summary>A key that is taken back ends the calls that it has opened.</summary>
public sealed class OpenCallTests
{
    public static TheoryData<string> Ways => ["revoked", "expired", "without the right", "deleted"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_stream_ends_when_its_key_is_taken_back(string way)
    {
        ConcurrentDictionary<string, bool> reached = [];
        var doubles = new StageDoubles
        {
            BeforeDescribe = _ => Task.CompletedTask,
            BeforeMel = async (_, cancellation) =>
            {
                reached["mel"] = true;
                await Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        await using var gateway = await GuardedGateway.StartAsync(doubles);
        using var client = RewasClient.Connect(
            gateway.Address, new() { Repeat = false, Access = new() { ApiKey = gateway.Add("gone").Text } });
        var stays = gateway.Add("stays");
        using var other = RewasClient.Connect(gateway.Address, new() { Repeat = false, Access = new() { ApiKey = stays.Text } });
        var call = client.GenerateAsync(SoundRequests.With([]));
        await Wait.UntilAsync(() => reached.ContainsKey("mel"), "the call has reached the stage");

        KeysFile.Write(gateway.KeysFilePath, [.. KeysFile.Read(gateway.KeysFilePath).SelectMany(Changed)]);

        await Assert.ThrowsAsync<StageFailure>(() => call);
        await Wait.UntilAsync(() => doubles.Cancelled.ContainsKey("AudioDiffusion"), "the stage has stopped");
        Assert.Equal(4, (await other.DescribeAsync(TestContext.Current.CancellationToken)).Count);
        await Wait.UntilAsync(
            () => gateway.Log.Of("Rewas.Audit").Any(line =>
                (string)line.Fields["Method"]! == "rewas.v1.AudioDiffusion/Generate"
                && line.Fields["Status"] is StatusCode.Unauthenticated),
            "the audit says why");

        IEnumerable<KeyEntry> Changed(KeyEntry entry) => entry.Caller == "stays" ? [entry] : way switch
        {
            "revoked" => [entry with { Revoked = DateTimeOffset.UtcNow }],
            "expired" => [entry with { Expires = DateTimeOffset.UtcNow }],
            "without the right" => [entry with { Methods = ["rewas.v1.Vocoder/*"] }],
            _ => [],
        };
    }

    [Fact]
    public async Task A_call_that_has_not_been_answered_is_told_why()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var gateway = await GuardedGateway.StartAsync(doubles);
        using var client = gateway.With(gateway.Add("gone"));
        var call = client.DescribeAsync();
        await Wait.UntilAsync(() => doubles.HeadersSeen.Count == 1, "the call has reached the stage");

        KeysFile.Write(
            gateway.KeysFilePath, [.. KeysFile.Read(gateway.KeysFilePath).Select(entry => entry with { Revoked = DateTimeOffset.UtcNow })]);

        await call.Fails(StatusCode.Unauthenticated, "the key is revoked");
        held.SetResult();
    }
}
