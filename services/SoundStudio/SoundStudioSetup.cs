using Grpc.AspNetCore.HealthChecks;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Rendering;
using Rewas.Rendering.Guards;
using Rewas.SoundStudio.Webhooks;
using Rewas.Store;

namespace Rewas.SoundStudio;

/// <summary>Registers the studio, in a host of its own or beside the stages.</summary>
public static class SoundStudioSetup
{
    public static WebApplicationBuilder AddSoundStudio(this WebApplicationBuilder builder)
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddCallersData(V1.SoundStudio.Descriptor.Name);
        builder.Services.AddSettings<SoundStudioOptions>(V1.SoundStudio.Descriptor.Name).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.SoundStudio.Descriptor.FullName, _ => true));
        builder.Services.AddStore(builder.Configuration);
        builder.Services.AddSettings<StageAccess>(StageAccess.Section);
        builder.Services.AddSettings<GuardOptions>(GuardOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddCandidateJudge();
        builder.Services.AddSingleton<StudioStages>().AddSingleton(_ => DecoderShares.OfMachine());
        builder.Services.AddSingleton<LeasedProjects>().AddSingleton<LeasedVideos>().AddSingleton<WorkingVideos>().AddSingleton<StudioLook>();
        builder.Services.AddSingleton<VideoUpload>().AddSingleton<RunningUploads>();
        builder.Services.AddSingleton<RenderRunner>().AddSingleton<RenderWatch>().AddSingleton<HeardSound>();
        builder.Services.AddSingleton<RenderTimes>().AddSingleton<FairTime>().AddSingleton<SampledWindows>()
            .AddSingleton<RenderEstimates>();
        builder.Services.AddSingleton<ExportedFiles>();
        builder.Services.AddHostedService<LeaseSweep>();
        builder.Services.AddWebhooks();
        return builder;
    }

    /// <summary>
    /// Adds the studio to the stages' own process. It reaches the stages by a private socket. Call it after Rewas:Listen is set.
    /// </summary>
    public static WebApplicationBuilder AddSoundStudioBesideStages(this WebApplicationBuilder builder)
    {
        var (listen, socket) = ($"{RewasOptions.Section}:{nameof(RewasOptions.Listen)}", new PrivateSocket());
        builder.Configuration[listen] = $"{builder.Configuration[listen]};{socket.Address.OriginalString}";
        builder.Configuration[$"{V1.SoundStudio.Descriptor.Name}:{nameof(SoundStudioOptions.Stages)}"] = socket.Address.OriginalString;
        builder.Services.AddHostedService(_ => new SocketOwner(socket));
        return builder.AddSoundStudio();
    }

    public static WebApplication MapSoundStudio(this WebApplication app)
    {
        app.MapGrpcService<SoundStudioService>();
        return app;
    }

    /// <summary>Owns the private socket of the host, and removes it when the host stops.</summary>
    sealed class SocketOwner(PrivateSocket socket) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => socket.Dispose();
    }
}
