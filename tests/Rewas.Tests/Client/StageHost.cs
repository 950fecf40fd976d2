using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rewas.Hosting;

namespace Rewas.Tests.Client;

/// <summary>The doubles in a real host on a free port of this machine, as services are hosted.</summary>
sealed class StageHost(WebApplication app) : IAsyncDisposable
{
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="doubles">What answers.</param>
    /// <param name="listen">As Rewas:Listen.</param>
    /// <param name="settings">Further ones.</param>
    public static async Task<StageHost> StartAsync(StageDoubles doubles, string listen = "http://127.0.0.1:0", params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = listen;
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(doubles).Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapGrpcService<VideoEncoderDouble>();
        app.MapGrpcService<EnergyPredictorDouble>();
        app.MapGrpcService<AudioDiffusionDouble>();
        app.MapGrpcService<VocoderDouble>();
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Breaks off what is running.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
