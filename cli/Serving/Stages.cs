using Rewas.Bundles;
using Rewas.Client;
using Rewas.Clip.Files;
using Rewas.Hosting.InProcess;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.Cli.Serving;

/// <summary>The stages that a command uses: those behind a gateway, or its own in this process.</summary>
sealed class Stages : IAsyncDisposable
{
    readonly IHost? host;
    readonly InProcessInvoker? calls;
    readonly PrivateSocket? socket;
    readonly bool withJobs;
    readonly LoadingAhead? ahead;
    readonly List<OpenVideo> opened = [];

    Stages(RewasClient client, IHost? host = null, InProcessInvoker? calls = null, PrivateSocket? socket = null, bool withJobs = false)
    {
        (Client, this.host, this.calls, this.socket, this.withJobs) = (client, host, calls, socket, withJobs);
        ahead = host is null ? null : Rewas.Cli.Serving.LoadingAhead.Of(host.Services);
    }

    public RewasClient Client { get; }

    /// <summary>
    /// Opens a clip. Stages in this process read the file in place and reuse the known facts. A gateway or socket receives the bytes.
    /// </summary>
    public VideoClip Open(VideoClip clip)
    {
        if (calls is null || clip.Source.Opened is not null)
            return clip;
        opened.Add(host!.Services.GetRequiredService<OpenVideos>().Offer(clip.Path, clip.Facts));
        return clip with { Source = clip.Source with { Opened = opened[^1].Token } };
    }

    /// <summary>Progress of a request for sound. Stages hosted here load while the picture is still read.</summary>
    /// <param name="texts">What the request asks for.</param>
    public IProgress<GenerateProgress> LoadingAhead(IProgress<GenerateProgress> progress, IReadOnlyList<string> texts) =>
        ahead?.Watch(progress, texts) ?? progress;

    /// <summary>Stages in this process do not come back, so a request to them is not repeated.</summary>
    static RewasClientOptions OwnOptions => Options with { Repeat = false };

    static RewasClientOptions Options => new() { EnergyCache = UserCache.Folder is { } folder ? new(folder) : null };

    /// <summary>The program's credentials for a gateway. Secrets do not come from arguments, which other users can see.</summary>
    static StageAccess Access => new()
    {
        ApiKey = Environment.GetEnvironmentVariable("REWAS_API_KEY") ?? "",
        Tls = new()
        {
            CertificateAuthority = Environment.GetEnvironmentVariable("REWAS_CA") ?? "",
            Certificate = Environment.GetEnvironmentVariable("REWAS_CERTIFICATE") ?? "",
            CertificateKey = Environment.GetEnvironmentVariable("REWAS_CERTIFICATE_KEY") ?? "",
        },
    };

    /// <param name="gateway">Address of a gateway or all-in-one host. Null hosts the stages here.</param>
    /// <param name="bundle">Bundle of stages hosted here.</param>
    /// <param name="precision">Precision of encoder and denoiser hosted here. Null keeps the bundle's.</param>
    /// <param name="jobs">Settings of durable jobs hosted here. Null hosts none.</param>
    /// <param name="agent">True to host the agent too.</param>
    /// <param name="settings">Further settings of stages hosted here.</param>
    /// <param name="asksFirst">True to ask a gateway for its stages now. A wrong address is then told within seconds. A request alone would
    /// be repeated until its deadline.</param>
    public static async Task<Stages> ConnectAsync(
        string? gateway,
        string bundle,
        CancellationToken cancel,
        string? precision = null,
        IReadOnlyList<string>? jobs = null,
        bool agent = false,
        IReadOnlyList<string>? settings = null,
        bool asksFirst = true)
    {
        if (gateway is not null)
            return await ReachAsync(gateway, asksFirst && !agent && jobs is null, cancel);
        var opened = Bundle.Find(bundle);                                     // what is wrong with it is told before anything is started
        PrivateFolder.Create().Dispose();                                     // and that there is no room for uploads
        string[] configured = [.. UserCache.Settings, .. AllInOne.WithPrecision(precision), .. settings ?? [], .. jobs ?? []];
        return agent || jobs is not null
            ? await ListenAsync(opened, agent, jobs is not null, configured, cancel)
            : await InProcessAsync(opened, configured, cancel);
    }

    static async Task<Stages> ReachAsync(string gateway, bool asksFirst, CancellationToken cancel)
    {
        var stages = new Stages(RewasClient.Connect(GatewayAddresses.Parse(gateway), Options with { Access = Access }));
        try
        {
            if (asksFirst)
                await stages.Client.DescribeAsync(cancel);
            return stages;
        }
        catch
        {
            await stages.DisposeAsync();
            throw;
        }
    }

    /// <summary>The stages alone are called without a socket.</summary>
    static async Task<Stages> InProcessAsync(Bundle bundle, string[] settings, CancellationToken cancel)
    {
        var host = AllInOne.BuildStages(bundle, settings);
        try
        {
            await host.StartAsync(cancel);
            var calls = host.Services.GetRequiredService<InProcessInvoker>();
            return new(RewasClient.Connect(calls, OwnOptions), host, calls);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The agent and the jobs call the stages by address, so they get a socket. The command uses it too.</summary>
    static async Task<Stages> ListenAsync(Bundle bundle, bool agent, bool jobs, string[] settings, CancellationToken cancel)
    {
        var socket = new PrivateSocket();
        var host = AllInOne.Build(socket.Address.OriginalString, bundle, quiet: true, agent, jobs, settings);
        var starting = Task.Run(() => host.StartAsync(cancel), CancellationToken.None);
        try
        {
            await starting.WaitAsync(cancel);
            return new(RewasClient.Connect(socket.Address, OwnOptions), host, socket: socket, withJobs: jobs);
        }
        catch
        {
            if (starting.IsCompleted)
                await host.DisposeAsync();                                    // else it still loads networks, which nothing can interrupt
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        opened.ForEach(video => video.Dispose());
        if (calls is not null)
            await calls.DisposeAsync();
        if (ahead is not null)
            await ahead.DisposeAsync();
        if (host is not null)
        {
            // No other caller's requests are running. Jobs still have to return the items that they started.
            using var limit = new CancellationTokenSource(withJobs ? TimeSpan.FromSeconds(5) : TimeSpan.Zero);
            try
            {
                await host.StopAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The host stopped waiting for calls that this process itself has cancelled.
            }
            await ((IAsyncDisposable)host).DisposeAsync();
        }
        socket?.Dispose();
    }
}
