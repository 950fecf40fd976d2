using Rewas.Protocol;

namespace Rewas.Bench.Faults;

/// <summary>
/// All processes of the trial, each at its own address: two of each stage, two gateways, and two job nodes and two agents over one
/// database.
/// Their settings are the defaults, apart from addresses and folders. ONNX Runtime gets one thread, because many processes share a machine.
/// </summary>
sealed class Fleet : IDisposable
{
    const int Port = 5100, Replicas = 2;

    readonly VirtualNetwork network = new();
    readonly FleetPlaces places;

    /// <param name="jobFolder">Holds the files of jobs and the videos that jobs name by path.</param>
    public Fleet(string bundle, string jobFolder, FleetPlaces places)
    {
        this.places = places;
        Database = new(VirtualNetwork.Address, VirtualNetwork.Addresses);
        string[] loaded = [$"--Rewas:Bundle={bundle}", "--Onnx:Threads=1"];
        foreach (var stage in StageNames.All)
            Add(stage, Replicas, loaded);
        NetworkHost[] gateways = Hosts(), jobs = Hosts(), agents = Hosts();
        Gateways = string.Join(';', gateways.Select(AddressOf));
        string[] shared =
        [
            $"--Store:Postgres={Database.Connection}",
            $"--Store:Folder={Path.Combine(jobFolder, "files")}",
            "--Rewas:ShareBetweenCallers=true",
        ];
        Add("Gateway", gateways,
        [
            .. StageNames.All.SelectMany(stage => All.Where(process => process.Group == stage)
                .Select((process, i) => $"--Gateway:Stages:{stage}:{i}={process.Address.OriginalString}")),
            .. agents.Select((host, i) => $"--Gateway:Stages:SoundAgent:{i}={AddressOf(host)}"),
            .. jobs.Select((host, i) => $"--Gateway:Stages:Jobs:{i}={AddressOf(host)}"),
        ]);
        Add("Jobs", jobs, [.. shared, $"--Jobs:Stages={Gateways}", $"--Jobs:ReadableFolder={jobFolder}"]);
        Add("Agent", agents, [.. shared, $"--SoundAgent:Stages={Gateways}"]);
    }

    public List<FleetProcess> All { get; } = [];

    /// <summary>The addresses of the gateways, separated by semicolons.</summary>
    public string Gateways { get; }

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

    NetworkHost[] Hosts() => [.. Enumerable.Range(0, Replicas).Select(_ => network.Add())];

    void Add(string group, int count, string[] arguments) =>
        Add(group, [.. Enumerable.Range(0, count).Select(_ => network.Add())], arguments);

    void Add(string group, NetworkHost[] hosts, string[] arguments) => All.AddRange(hosts.Select((host, i) =>
        new FleetProcess(hosts.Length > 1 ? $"{group}-{i + 1}" : group, group, host, Port, arguments, places)));

    static string AddressOf(NetworkHost host) => $"http://{host.Address}:{Port}";
}
