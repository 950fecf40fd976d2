using Grpc.AspNetCore.HealthChecks;
using Rewas.Checkpoints;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.EnergyPredictor;

/// <summary>The second stage, in a host of its own or beside others.</summary>
public static class EnergyPredictorSetup
{
    public static WebApplicationBuilder AddEnergyPredictor(this WebApplicationBuilder builder)
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddOptions<EnergyPredictorOptions>().BindConfiguration(EnergyPredictorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration("Onnx");
        builder.Services.AddLoadedAtStart<FeaturesToEnergy>();
        builder.Services.AddSingleton(services => new SoundToEnergy(services.GetRequiredService<Bundle>().Manifest.Timing));
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.EnergyPredictor.Descriptor.FullName, _ => true));
        return builder;
    }

    public static WebApplication MapEnergyPredictor(this WebApplication app)
    {
        app.MapGrpcService<EnergyPredictorService>();
        return app;
    }
}
