using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rewas.Gateway;
using Rewas.Hosting;
using Rewas.Protocol;

namespace Rewas.Tests.Gateway;

/// <summary>The gateway on a free port of this machine.</summary>
sealed class GatewayHost(WebApplication app) : IAsyncDisposable
{
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The gateway's log.</summary>
    public HostLog Log { get; } = app.Services.GetRequiredService<HostLog>();

    /// <param name="replicas">Addresses of the replicas, by stage name.</param>
    public static Task<GatewayHost> StartAsync(Func<string, Uri[]> replicas, params (string Key, string Value)[] settings) =>
        StartAsync(replicas, _ => { }, settings);

    /// <param name="replicas">Addresses of the replicas, by stage name.</param>
    /// <param name="replace">Replaces services of the gateway.</param>
    public static async Task<GatewayHost> StartAsync(
        Func<string, Uri[]> replicas, Action<IServiceCollection> replace, params (string Key, string Value)[] settings)
    {
        var app = Build(
            [
                .. StageNames.All.SelectMany(
                    stage => replicas(stage).Select((uri, i) => ($"Gateway:Stages:{stage}:{i}", uri.OriginalString))),
                .. settings,
            ],
            replace);
        await app.StartAsync();
        return new(app);
    }

    public static WebApplication Build(IEnumerable<(string Key, string Value)> settings, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddRewasDefaults();
        builder.AddRewasGateway();
        var log = new HostLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton(log);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapRewasGateway();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }
}
