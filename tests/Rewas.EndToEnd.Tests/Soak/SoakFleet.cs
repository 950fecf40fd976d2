using Rewas.Protocol;

namespace Rewas.EndToEnd.Tests.Soak;

/// <summary>
/// Every service in a process of its own, behind a gateway, with a tiny bundle. Each process has a folder for its temporary files and its
/// store. What services keep for callers is kept for a minute, so that a short run sees it go.
/// </summary>
sealed class SoakFleet : IDisposable
{
    const string Keep = "00:01:00";

    readonly TinyBundle bundle = new();
    readonly TemporaryFolder folder = new();

    public Dictionary<string, ServiceProcess> Processes { get; } = [];

    public string Gateway => Processes["Gateway"].Address;

    public string FolderOf(string name) => folder.File(name);

    public static async Task<SoakFleet> StartAsync()
    {
        var fleet = new SoakFleet();
        try
        {
            await fleet.StartAllAsync();
            return fleet;
        }
        catch
        {
            fleet.Dispose();
            throw;
        }
    }

    public Dictionary<string, Holdings> Measure() =>
        Processes.ToDictionary(process => process.Key, process => Holdings.Of(process.Value.Id, FolderOf(process.Key)));

    async Task StartAllAsync()
    {
        int gateway = Programs.FreePort();
        string[] services = ["SoundStudio", "Jobs", "SoundAgent"];
        var ports = StageNames.All.Concat(services).ToDictionary(name => name, _ => Programs.FreePort());
        string[] loaded = [$"--Rewas:Bundle={bundle.Bundle.Directory}", "--Onnx:Threads=1"];
        foreach (var stage in StageNames.All)
            await StartAsync(stage, $"Rewas.{stage}", ports[stage], loaded);
        foreach (var name in services)
            await StartAsync(
                name,
                name == "SoundAgent" ? "Rewas.Agent" : $"Rewas.{name}",
                ports[name],
                [
                    .. loaded, $"--{name}:Stages=http://127.0.0.1:{gateway}", $"--Store:Folder={Path.Combine(FolderOf(name), "store")}",
                    "--Rewas:ShareBetweenCallers=true", $"--SoundStudio:Lease={Keep}", $"--Jobs:Retention={Keep}",
                    $"--SoundAgent:SessionLifetime={Keep}", "--SoundAgent:MaxSessions=1000",
                ]);
        await StartAsync(
            "Gateway", "Rewas.Gateway", gateway,
            [.. ports.Select(service => $"--Gateway:Stages:{service.Key}:0=http://127.0.0.1:{service.Value}")]);
    }

    async Task StartAsync(string name, string program, int port, string[] settings)
    {
        var temporary = Directory.CreateDirectory(Path.Combine(FolderOf(name), "tmp")).FullName;
        Processes[name] = await ServiceProcess.StartAsync(program, port, new() { ["TMPDIR"] = temporary }, settings);
    }

    public void Dispose()
    {
        foreach (var process in Processes.Values)
            process.Dispose();
        folder.Dispose();
        bundle.Dispose();
    }
}
