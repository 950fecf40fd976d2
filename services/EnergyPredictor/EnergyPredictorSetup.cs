using Rewas.Bundles;
using Rewas.Hosting;
using Rewas.Hosting.InProcess;
using Rewas.Networks.Onnx;

namespace Rewas.EnergyPredictor;

/// <summary>Adds the second stage to a host, alone or beside other stages.</summary>
public static class EnergyPredictorSetup
{
    public static TBuilder AddEnergyPredictor<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddStage<EnergyPredictorOptions, FeaturesToEnergy>(
            V1.EnergyPredictor.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        builder.Services.AddSingleton<RecordingPlaces>();
        builder.Services.AddSingleton(services => new SoundToEnergy(services.GetRequiredService<Bundle>().Manifest.Timing));
        return builder;
    }

    /// <summary>Adds the stage to the process of its only caller.</summary>
    public static IServiceCollection AddEnergyPredictorInProcess(this IServiceCollection services) =>
        services.AddInProcess<EnergyPredictorService>(V1.EnergyPredictor.Descriptor.FullName, V1.EnergyPredictor.BindService);

    public static WebApplication MapEnergyPredictor(this WebApplication app)
    {
        app.MapGrpcService<EnergyPredictorService>();
        return app;
    }
}
