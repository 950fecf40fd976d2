using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Hosting.InProcess;

namespace Rewas.Tests.Client;

/// <summary>
/// The doubles in a real host: on a free port of this machine, as services are hosted, or in this process only, as commands host them.
/// </summary>
sealed class StageHost(IHost app) : IAsyncDisposable
{
    /// <summary>The address of a host on a port.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    InProcessInvoker? Calls => app.Services.GetService<InProcessInvoker>();

    public static async Task<StageHost> StartInProcessAsync(StageDoubles doubles)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(doubles)
            .AddPrivateDefaults()
            .AddInProcess<VideoEncoderDouble>(V1.VideoEncoder.Descriptor.FullName, V1.VideoEncoder.BindService)
            .AddInProcess<EnergyPredictorDouble>(V1.EnergyPredictor.Descriptor.FullName, V1.EnergyPredictor.BindService)
            .AddInProcess<AudioDiffusionDouble>(V1.AudioDiffusion.Descriptor.FullName, V1.AudioDiffusion.BindService)
            .AddInProcess<VocoderDouble>(V1.Vocoder.Descriptor.FullName, V1.Vocoder.BindService);
        var app = builder.Build();
        await app.StartAsync();
        return new(app);
    }

    /// <summary>A client of the host.</summary>
    public RewasClient Connect(RewasClientOptions? options = null) =>
        Calls is { } calls ? RewasClient.Connect(calls, options) : RewasClient.Connect(Address, options);

    /// <param name="listen">Value of Rewas:Listen.</param>
    public static async Task<StageHost> StartAsync(
        StageDoubles doubles, string listen = "http://127.0.0.1:0", params (string Key, string Value)[] settings)
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

    /// <summary>Aborts the running calls.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Calls is { } calls)
            await calls.DisposeAsync();
        await app.StopAsync();
        await ((IAsyncDisposable)app).DisposeAsync();
    }
}
