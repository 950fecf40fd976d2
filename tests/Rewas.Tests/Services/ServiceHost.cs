using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Rewas.AudioDiffusion;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.Tests.Services;

/// <summary>All four stages in one process behind a real connection (HTTP/2 on loopback).</summary>
sealed class ServiceHost : IAsyncDisposable
{
    readonly WebApplication app;
    readonly TinyBundle bundle;

    ServiceHost(WebApplication app, TinyBundle bundle) =>
        (this.app, this.bundle, Channel) = (app, bundle, GrpcChannel.ForAddress(app.Urls.First()));

    public GrpcChannel Channel { get; }

    /// <summary>The addresses of the host: that of the stages, then that for Prometheus, if it has one.</summary>
    public IReadOnlyList<string> Addresses => [.. app.Urls];

    public IServiceProvider Services => app.Services;

    public static Task<ServiceHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(new TinyBundle(), settings);

    /// <param name="bundle">A bundle, deleted with the host.</param>
    /// <param name="settings">Settings of the stages.</param>
    public static async Task<ServiceHost> StartAsync(TinyBundle bundle, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Configuration["Rewas:Bundle"] = bundle.Bundle.Directory;
        builder.Configuration["Onnx:Threads"] = "1";
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        builder.AddRewasDefaults();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.AddVideoEncoder();
        builder.AddEnergyPredictor();
        builder.AddAudioDiffusion();
        builder.AddVocoder();
        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapVideoEncoder();
        app.MapEnergyPredictor();
        app.MapAudioDiffusion();
        app.MapVocoder();
        await app.StartAsync();
        return new ServiceHost(app, bundle);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        bundle.Dispose();
    }
}

/// <summary>One host for all tests of a class.</summary>
public sealed class SharedServiceHost : IAsyncLifetime
{
    ServiceHost? host;

    internal ServiceHost Host => host ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => host?.DisposeAsync() ?? ValueTask.CompletedTask;
}
