using Grpc.Core;
using Rewas.Client;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>
/// Every container of the manifests is started as it is written, with its limit of memory, and serves. deploy/try-manifests.sh runs this.
/// </summary>
public sealed class RunningManifestsTests(ITestOutputHelper output)
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_container_runs_as_it_is_written_within_its_memory_and_serves()
    {
        if (!OperatingSystem.IsLinux() || (await Programs.RunAsync("sh", ["-c", "bwrap --ro-bind / / --unshare-user true"])).ExitCode != 0)
            Assert.Skip("bubblewrap is missing or forbidden here (Debian: bubblewrap)");
        await using var running = new RunningManifests("cpu");
        await running.StartAsync();
        foreach (var name in running.Containers.Keys)
        {
            var container = running.Service(name);
            await Wait.UntilAsync(() => running.IsServingAsync(name, container.ReadinessProbe), $"{name} is ready");
            await Wait.UntilAsync(() => running.IsServingAsync(name, container.LivenessProbe), $"{name} is alive");
            using var web = new HttpClient();
            Assert.Contains(
                "dotnet_",
                await web.GetStringAsync(new Uri($"{running.AddressOf(name, "metrics")}/metrics"), Token),
                StringComparison.Ordinal);
        }

        // A clip through all stages, and a conversation, in which the agent calls the stages with a key of its own.
        var gateway = new Uri(running.AddressOf("gateway", "grpc"));
        using var client = RewasClient.Connect(gateway, new() { Access = new() { ApiKey = running.Key } });
        var (video, samples) = (VideoSource.FromFile(Programs.Sample), 0L);
        await client.GenerateAsync(
            new()
            {
                Video = video,
                Options = new() { Prompt = "a hammer striking metal", Seed = 7, Steps = 4 },
                Timeout = Wait.Patience,
                Sink = (part, _) =>
                {
                    samples += part.Length;
                    return ValueTask.CompletedTask;
                },
            },
            cancellation: Token);
        Assert.True(samples > 16_000, $"{samples} samples");
        await using var conversation = new AgentConversation(client.Agent, Wait.Patience);
        await conversation.SendAsync(video, Token);
        var words = "";
        await foreach (var happened in conversation.SayAsync("What do you see?", Token))
            words += happened.PartCase == ChatEvent.PartOneofCase.Text ? happened.Text : "";
        Assert.NotEmpty(words);

        // Nobody comes in without a key.
        using var stranger = RewasClient.Connect(gateway);
        Assert.Equal(
            StatusCode.Unauthenticated, (await Assert.ThrowsAsync<StageFailure>(() => stranger.DescribeAsync(Token))).Status);

        foreach (var (name, container) in running.Containers)
        {
            Assert.False(container.HasExited, $"{name} ended: {container.Log}");
            output.WriteLine($"{name}: {container.Memory} of {running.Service(name).Resources.Limits["memory"]}");
        }
    }
}
