using System.Diagnostics;
using System.Runtime.InteropServices;
using Rewas.Client;
using Rewas.Protocol;

namespace Rewas.EndToEnd.Tests;

/// <summary>
/// A small trial of faults, of four processes: two hosts of all stages behind two gateways. Each fault comes with an event of a request,
/// and ends with the end of other requests. <c>rewas bench faults</c> is the large one.
/// </summary>
public sealed class TwoGatewaysTests : IAsyncLifetime
{
    const int Requests = 10, Clients = 2;

    readonly TinyBundle bundle = new();
    readonly ClipFolder clips = new();
    readonly Replica[] hosts = new Replica[2], gateways = new Replica[2];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < hosts.Length; i++)
            hosts[i] = await Replica.StartAsync(
                port => ServiceProcess.ServeAsync(port, "--bundle", bundle.Bundle.Directory, "--", "--Onnx:Threads=1"));
        string[] stages =
        [
            .. StageNames.All.SelectMany(stage => hosts.Select((host, i) => $"--Gateway:Stages:{stage}:{i}={host.Address}")),
        ];
        for (var i = 0; i < gateways.Length; i++)
            gateways[i] = await Replica.StartAsync(port => ServiceProcess.StartAsync("Rewas.Gateway", port, stages));
    }

    [Fact]
    public async Task Ten_requests_give_ten_results_bit_for_bit_while_gateways_and_stages_are_killed_and_frozen()
    {
        using var client = RewasClient.Connect(GatewayAddresses.Parse(string.Join(';', gateways.Select(gateway => gateway.Address))));
        var video = clips.Plain("clip.mp4");
        var undisturbed = new List<byte[]>();
        for (var i = 0; i < Requests; i++)
            undisturbed.Add(await SoundAsync(client, video, i, _ => { }));

        var script = new Script(
            new(happened => happened is GenerateProgress.SegmentEncoded, hosts[0].Kill, hosts[0].StartAsync),
            new(happened => happened is GenerateProgress.Sampled, gateways[1].Kill, gateways[1].StartAsync),
            new(happened => happened is GenerateProgress.SoundWritten, gateways[0].Freeze, gateways[0].ThawAsync) { EndsAfterRequests = 2 },
            new(happened => happened is GenerateProgress.Uploaded, hosts[1].Freeze, hosts[1].ThawAsync) { EndsAfterRequests = 2 });
        var next = -1;
        var sounds = new byte[Requests][];
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < Requests)
            {
                await script.ReadyAsync();
                sounds[i] = await SoundAsync(client, video, i, script.Hear);
                script.Ended();
            }
        }));

        Assert.Equal(4, script.Faults);
        for (var i = 0; i < Requests; i++)
            Assert.True(undisturbed[i].AsSpan().SequenceEqual(sounds[i]), $"request {i} differs");
    }

    public ValueTask DisposeAsync()
    {
        foreach (var replica in (Replica?[])[.. gateways, .. hosts])
            replica?.Dispose();
        clips.Dispose();
        bundle.Dispose();
        return ValueTask.CompletedTask;
    }

    static async Task<byte[]> SoundAsync(RewasClient client, string video, int seed, Action<GenerateProgress> hear)
    {
        var sound = new MemoryStream();
        await client.GenerateAsync(
            new()
            {
                Video = VideoSource.FromFile(video),
                Options = new() { Prompt = "a hammer", Seed = (ulong)seed, Steps = 4 },
                Timeout = Wait.Patience,
                Sink = (samples, _) =>
                {
                    sound.Write(MemoryMarshal.AsBytes(samples.Span));
                    return ValueTask.CompletedTask;
                },
            },
            new Told(hear),
            TestContext.Current.CancellationToken);
        return sound.ToArray();
    }

    /// <summary>Reports progress synchronously, in the order of events.</summary>
    sealed class Told(Action<GenerateProgress> hear) : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value) => hear(value);
    }

    /// <param name="When">The event that it comes with.</param>
    sealed record Fault(Func<GenerateProgress, bool> When, Action Cause, Func<Task> EndAsync)
    {
        /// <summary>0: it ends at once.</summary>
        public int EndsAfterRequests { get; init; }
    }

    /// <summary>Causes one fault after another.</summary>
    sealed class Script(params Fault[] faults)
    {
        readonly Lock gate = new();
        Fault? running;
        int requestsLeft;
        Task ending = Task.CompletedTask;

        public int Faults { get; private set; }

        /// <summary>Waits until a process that was killed is there again.</summary>
        public Task ReadyAsync()
        {
            lock (gate)
                return ending;
        }

        public void Hear(GenerateProgress happened)
        {
            lock (gate)
            {
                if (running is not null || !ending.IsCompleted || Faults == faults.Length || !faults[Faults].When(happened))
                    return;
                running = faults[Faults++];
                running.Cause();
                requestsLeft = running.EndsAfterRequests;
                EndIfDue();
            }
        }

        /// <summary>A request has ended.</summary>
        public void Ended()
        {
            lock (gate)
            {
                requestsLeft--;
                EndIfDue();
            }
        }

        void EndIfDue()
        {
            if (running is null || requestsLeft > 0)
                return;
            ending = running.EndAsync();
            running = null;
        }
    }

    /// <summary>A process that can be killed, started again at its port, and frozen.</summary>
    sealed class Replica : IDisposable
    {
        readonly int port = Programs.FreePort();
        readonly Func<int, Task<ServiceProcess>> start;
        ServiceProcess process = null!;

        Replica(Func<int, Task<ServiceProcess>> start) => this.start = start;

        public string Address => process.Address;

        public static async Task<Replica> StartAsync(Func<int, Task<ServiceProcess>> start)
        {
            var replica = new Replica(start);
            await replica.StartAsync();
            return replica;
        }

        public async Task StartAsync() => process = await start(port);

        public void Kill() => process.Dispose();

        public void Freeze() => Signal("STOP");

        public Task ThawAsync()
        {
            Signal("CONT");
            return Task.CompletedTask;
        }

        public void Dispose() => process?.Dispose();

        void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
            kill.WaitForExit();
            Assert.Equal(0, kill.ExitCode);
        }
    }
}
