using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
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

    [Fact]
    public async Task A_call_that_cannot_be_checked_or_ended_keeps_no_other_call_open()
    {
        var time = new FakeTimeProvider();
        using var calls = new OpenCalls(time, NullLogger<OpenCalls>.Instance);
        await calls.StartAsync(TestContext.Current.CancellationToken);
        using var unknown = Add(_ => throw new IOException("the file of keys cannot be reached"));
        using var stubborn = Add(_ => "the key is revoked");
        using var aborting = stubborn.Lapsed.Register(() => throw new InvalidOperationException("it does not abort"));
        await EndedAsync(stubborn);

        // The next look comes too.
        using var other = Add(_ => "the key is revoked");
        await EndedAsync(other);
        await calls.StopAsync(TestContext.Current.CancellationToken);

        OpenCall Add(Func<string, string?> lapsed) =>
            calls.Add(new DefaultHttpContext(), Caller.Anybody with { Lapsed = lapsed }, "rewas.v1.Vocoder/Describe");

        Task EndedAsync(OpenCall call) => Wait.UntilAsync(
            () =>
            {
                Assert.False(calls.ExecuteTask is { IsCompleted: true }, "nobody looks at the calls any more");
                time.Advance(TimeSpan.FromSeconds(1));
                return call.Refusal is not null;
            },
            "the call is ended");
    }

    [Fact]
    public async Task Calls_go_on_while_the_file_of_keys_cannot_be_reached_and_end_when_it_tells_of_a_revocation()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it needs rights to make links");
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var gateway = await GuardedGateway.StartAsync(doubles);
        using var client = gateway.With(gateway.Add("gone"));
        var call = client.DescribeAsync();
        await Wait.UntilAsync(() => doubles.HeadersSeen.Count == 1, "the call has reached the stage");
        var (path, next) = (gateway.KeysFilePath, gateway.KeysFilePath + ".next");
        var revoked = KeysFile.Read(path).Select(entry => entry with { Revoked = DateTimeOffset.UtcNow }).ToList();

        // A link that leads to itself. Both changes are made at once, so that the file is never absent.
        File.CreateSymbolicLink(next, path);
        File.Move(next, path, overwrite: true);
        await Wait.UntilAsync(
            () => gateway.Log.Of(typeof(KeyRing).FullName!).Any(line => line.Text.Contains("cannot be read", StringComparison.Ordinal)),
            "the log says that the file cannot be reached");
        Assert.False(call.IsCompleted);

        KeysFile.Write(next, revoked);
        File.Move(next, path, overwrite: true);
        await call.Fails(StatusCode.Unauthenticated, "the key is revoked");
        held.SetResult();
    }
}
