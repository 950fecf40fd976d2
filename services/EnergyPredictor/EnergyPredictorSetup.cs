using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.EnergyPredictor;

/// <summary>The second stage, in a host of its own or beside others.</summary>
public static class EnergyPredictorSetup
{
    public static WebApplicationBuilder AddEnergyPredictor(this WebApplicationBuilder builder)
    {
        builder.AddStage<EnergyPredictorOptions, FeaturesToEnergy>(V1.EnergyPredictor.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration(OnnxOptions.Section);
        builder.Services.AddSingleton(services => new SoundToEnergy(services.GetRequiredService<Bundle>().Manifest.Timing));
        return builder;
    }

    public static WebApplication MapEnergyPredictor(this WebApplication app)
    {
        app.MapGrpcService<EnergyPredictorService>();
        return app;
    }
}
