using Rewas.Protocol;

namespace Rewas.Bench.Faults;

/// <summary>
/// All processes of the trial, each at its own address: the stages (AudioDiffusion twice), the gateway, the agent, and two job nodes with
/// their database.
/// </summary>
sealed class Fleet : IDisposable
{
    const int Port = 5100;

    readonly VirtualNetwork network = new();
    readonly string logFolder;

    /// <param name="jobFolder">Holds the files of jobs and the videos that jobs name by path.</param>
    public Fleet(string bundle, string jobFolder, string logFolder)
    {
        this.logFolder = logFolder;
        Database = new(VirtualNetwork.Address, VirtualNetwork.Addresses);
        var (agentHost, jobHosts) = (network.Add(), (NetworkHost[])[network.Add(), network.Add()]);
        string[] loaded = [$"--Rewas:Bundle={bundle}", "--Onnx:Threads=1", "--Rewas:GracePeriod=00:00:10"];
        FleetProcess encoder = Add("VideoEncoder", "Rewas.VideoEncoder", [.. loaded, "--VideoEncoder:MaxConcurrentVideos=16"]),
            predictor = Add("EnergyPredictor", "Rewas.EnergyPredictor", loaded),
            first = Add("AudioDiffusion-1", "Rewas.AudioDiffusion", loaded),
            second = Add("AudioDiffusion-2", "Rewas.AudioDiffusion", loaded),
            vocoder = Add("Vocoder", "Rewas.Vocoder", loaded);
        // A ping finds a frozen or cut-off replica within 6 s. By default it takes 20 s.
        string[] impatient =
        [
            "--Gateway:HealthInterval=00:00:01",
            "--Gateway:HealthTimeout=00:00:02",
            "--Gateway:PingDelay=00:00:03",
            "--Gateway:PingTimeout=00:00:03",
        ];
        Gateway = Add("Gateway", "Rewas.Gateway",
        [
            $"--Gateway:Stages:{StageNames.VideoEncoder}:0={encoder.Address.OriginalString}",
            $"--Gateway:Stages:{StageNames.EnergyPredictor}:0={predictor.Address.OriginalString}",
            $"--Gateway:Stages:{StageNames.AudioDiffusion}:0={first.Address.OriginalString}",
            $"--Gateway:Stages:{StageNames.AudioDiffusion}:1={second.Address.OriginalString}",
            $"--Gateway:Stages:{StageNames.Vocoder}:0={vocoder.Address.OriginalString}",
            $"--Gateway:Stages:SoundAgent:0=http://{agentHost.Address}:{Port}",
            .. jobHosts.Select((host, i) => $"--Gateway:Stages:Jobs:{i}=http://{host.Address}:{Port}"),
            .. impatient,
        ]);
        string[] jobs =
        [
            $"--Jobs:Stages={Gateway.Address.OriginalString}",
            $"--Jobs:Postgres={Database.Connection}",
            $"--Jobs:Folder={Path.Combine(jobFolder, "files")}",
            $"--Jobs:ReadableFolder={jobFolder}",
            "--Rewas:ShareBetweenCallers=true",
            "--Jobs:MaxParallelItems=1", "--Jobs:NodeTimeout=00:00:05", "--Jobs:RetryDelay=00:00:01", "--Jobs:MaxAttempts=50",
        ];
        for (var i = 0; i < jobHosts.Length; i++)
            All.Add(new($"Jobs-{i + 1}", "Rewas.Jobs", jobHosts[i], Port, jobs, logFolder));
        string[] agent = [$"--SoundAgent:Stages={Gateway.Address.OriginalString}", "--Rewas:ShareBetweenCallers=true"];
        All.Add(new("Agent", "Rewas.Agent", agentHost, Port, agent, logFolder));
    }

    public List<FleetProcess> All { get; } = [];

    public FleetProcess Gateway { get; }

    public TrialDatabase Database { get; }

    public async Task StartAsync(CancellationToken cancellation)
    {
        await Database.ReadyAsync(cancellation);
        foreach (var process in All)                                         // one after another, because loading takes all cores
        {
            process.Start();
            await process.ReadyAsync(cancellation);
        }
    }

    public void Dispose()
    {
        All.ForEach(process => process.Dispose());
        Database.Dispose();
        network.Dispose();
    }

    FleetProcess Add(string name, string program, string[] arguments)
    {
        var process = new FleetProcess(name, program, network.Add(), Port, arguments, logFolder);
        All.Add(process);
        return process;
    }
}
