using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Rewas.Hosting.InProcess;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>Adds the third stage to a host, alone or beside other stages.</summary>
public static class AudioDiffusionSetup
{
    public static TBuilder AddAudioDiffusion<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddStage<AudioDiffusionOptions, EnergyToMel>(V1.AudioDiffusion.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<AudioDiffusionOptions>>().Value;
            return new DiffusionQueue(options.QueueCapacity, options.BatchDelay);
        });
        builder.Services.AddSingleton<OpenRequests>();
        builder.Services.AddSingleton(services => new SamplingLoop(
            services.GetRequiredService<DiffusionQueue>(), services.GetRequiredService<EnergyToMel>().Denoiser));
        builder.Services.AddSingleton<LatentCache>();
        builder.Services.AddHostedService<SamplingLoopHost>();
        return builder;
    }

    /// <summary>Adds the stage to the process of its only caller.</summary>
    public static IServiceCollection AddAudioDiffusionInProcess(this IServiceCollection services) =>
        services.AddInProcess<AudioDiffusionService>(V1.AudioDiffusion.Descriptor.FullName, V1.AudioDiffusion.BindService);

    public static WebApplication MapAudioDiffusion(this WebApplication app)
    {
        app.MapGrpcService<AudioDiffusionService>();
        return app;
    }

    /// <summary>Starts the loop after the networks are loaded. The host's disposal ends it.</summary>
    sealed class SamplingLoopHost(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<SamplingLoop>().Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
