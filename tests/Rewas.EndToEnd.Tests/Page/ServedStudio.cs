namespace Rewas.EndToEnd.Tests.Page;

/// <summary><c>rewas serve</c> with the studio, and a store that outlives it.</summary>
sealed class ServedStudio : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly int port = Programs.FreePort(), webPort = Programs.FreePort();
    readonly string[] arguments;
    string[] settings = [];
    ServiceProcess process = null!;

    ServedStudio(string[] arguments) => this.arguments = arguments;

    /// <summary>Address of the web API.</summary>
    public string Web => $"http://127.0.0.1:{webPort}";

    /// <summary>Address of gRPC.</summary>
    public string Grpc => process.Address;

    public TemporaryFolder Folder => folder;

    /// <param name="arguments">Of <c>rewas serve</c>.</param>
    public static async Task<ServedStudio> StartAsync(params string[] arguments)
    {
        var served = new ServedStudio(arguments);
        await served.StartAsync();
        return served;
    }

    /// <param name="settings">Of the host, given where its folder is.</param>
    public static async Task<ServedStudio> StartWithAsync(Func<TemporaryFolder, string[]> settings)
    {
        var served = new ServedStudio([]);
        served.settings = settings(served.folder);
        await served.StartAsync();
        return served;
    }

    /// <summary>Kills the server and starts it anew with the same store.</summary>
    public async Task RestartAsync()
    {
        process.Dispose();
        await StartAsync();
    }

    public void Kill() => process.Dispose();

    // Rendered windows are kept, as for a user: a part that is rendered again samples only what has changed.
    async Task StartAsync() => process = await ServiceProcess.ServeAsync(
        port,
        new() { ["REWAS_CACHE"] = folder.File("cache") },
        [
            .. arguments, "--web", Web, "--", $"--Store:Folder={folder.File("store")}", $"--SoundLibrary:Folder={folder.File("library")}",
            .. settings,
        ]);

    public void Dispose()
    {
        process.Dispose();
        folder.Dispose();
    }
}
