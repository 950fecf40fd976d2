using Grpc.Net.Client;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Agent;

/// <summary>Stages with a tiny bundle in one process, and agents in processes of their own that share a store.</summary>
sealed class AgentReplicas : IAsyncDisposable
{
    readonly TinyBundle bundle;
    readonly ServiceProcess stages;
    readonly Dictionary<int, ServiceProcess> agents = [];
    readonly Dictionary<int, int> ports = [];
    readonly List<GrpcChannel> channels = [];
    readonly string[] settings;

    AgentReplicas(ServiceProcess stages, TinyBundle bundle, string[] settings) =>
        (this.stages, this.bundle, this.settings) = (stages, bundle, settings);

    public TemporaryFolder Store { get; } = new();

    public ClipFolder Clips { get; } = new();

    public string Stages => stages.Address;

    /// <param name="settings">Further settings of the agents.</param>
    public static async Task<AgentReplicas> StartAsync(int count, params string[] settings)
    {
        var bundle = new TinyBundle();
        var stages = await ServiceProcess.ServeAsync(
            Programs.FreePort(), "--bundle", bundle.Bundle.Directory, "--", "--Onnx:Threads=1");
        var replicas = new AgentReplicas(stages, bundle, settings);
        for (var i = 0; i < count; i++)
            await replicas.StartAsync(i);
        return replicas;
    }

    /// <summary>Starts an agent, at its port of before if it was killed.</summary>
    public async Task StartAsync(int number) => agents[number] = await ServiceProcess.StartAsync(
        "Rewas.Agent",
        ports.TryGetValue(number, out var port) ? port : ports[number] = Programs.FreePort(),
        [
            $"--SoundAgent:Stages={stages.Address}",
            $"--Store:Folder={Store.Path}",
            "--Store:TakeOverAfter=00:00:01",
            "--Rewas:TrustCallerHeader=true",
            .. settings,
        ]);

    public string AddressOf(int number) => agents[number].Address;

    public SoundAgent.SoundAgentClient Client(int number)
    {
        channels.Add(GrpcChannel.ForAddress(agents[number].Address));
        return new(channels[^1]);
    }

    /// <summary>kill -9.</summary>
    public void Kill(int number) => agents[number].Dispose();

    /// <summary>A clip that takes several windows to sample.</summary>
    public string Clip(double seconds = 20) => Clips.Make(
        $"{Guid.NewGuid():n}.mp4",
        FormattableString.Invariant($"testsrc2=size=64x48:rate=25:duration={seconds}"),
        "-c:v",
        "libx264",
        "-g",
        "25");

    public async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        foreach (var agent in agents.Values)
            agent.Dispose();
        stages.Dispose();
        Store.Dispose();
        Clips.Dispose();
        bundle.Dispose();
        await Task.CompletedTask;
    }
}
