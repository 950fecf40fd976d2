using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Hosting.InProcess;
using Rewas.Networks.Onnx;

namespace Rewas.EnergyPredictor;

/// <summary>The second stage, in a host of its own or beside others.</summary>
public static class EnergyPredictorSetup
{
    public static TBuilder AddEnergyPredictor<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddStage<EnergyPredictorOptions, FeaturesToEnergy>(V1.EnergyPredictor.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration(OnnxOptions.Section);
        builder.Services.AddSingleton(services => new SoundToEnergy(services.GetRequiredService<Bundle>().Manifest.Timing));
        return builder;
    }

    /// <summary>The stage in the same process as its only caller.</summary>
    public static IServiceCollection AddEnergyPredictorInProcess(this IServiceCollection services) =>
        services.AddInProcess<EnergyPredictorService>(V1.EnergyPredictor.Descriptor.FullName, V1.EnergyPredictor.BindService);

    public static WebApplication MapEnergyPredictor(this WebApplication app)
    {
        app.MapGrpcService<EnergyPredictorService>();
        return app;
    }
}
