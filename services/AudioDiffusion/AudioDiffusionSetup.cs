using Grpc.AspNetCore.HealthChecks;
using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>The third stage, in a host of its own or beside others.</summary>
public static class AudioDiffusionSetup
{
    public static WebApplicationBuilder AddAudioDiffusion(this WebApplicationBuilder builder)
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddOptions<AudioDiffusionOptions>().BindConfiguration(AudioDiffusionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration("Onnx");
        builder.Services.AddLoadedAtStart<EnergyToMel>();
        builder.Services.AddSingleton(services => new DiffusionQueue(services.GetRequiredService<IOptions<AudioDiffusionOptions>>().Value.QueueCapacity));
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.AudioDiffusion.Descriptor.FullName, _ => true));
        return builder;
    }

    public static WebApplication MapAudioDiffusion(this WebApplication app)
    {
        app.MapGrpcService<AudioDiffusionService>();
        return app;
    }
}
