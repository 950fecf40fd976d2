using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>The third stage, in a host of its own or beside others.</summary>
public static class AudioDiffusionSetup
{
    public static WebApplicationBuilder AddAudioDiffusion(this WebApplicationBuilder builder)
    {
        builder.AddStage<AudioDiffusionOptions, EnergyToMel>(V1.AudioDiffusion.Descriptor);
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration(OnnxOptions.Section);
        builder.Services.AddSingleton(services => new DiffusionQueue(services.GetRequiredService<IOptions<AudioDiffusionOptions>>().Value.QueueCapacity));
        return builder;
    }

    public static WebApplication MapAudioDiffusion(this WebApplication app)
    {
        app.MapGrpcService<AudioDiffusionService>();
        return app;
    }
}
