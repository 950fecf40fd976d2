using Grpc.AspNetCore.HealthChecks;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>The fourth stage, in a host of its own or beside others.</summary>
public static class VocoderSetup
{
    public static WebApplicationBuilder AddVocoder(this WebApplicationBuilder builder)
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddOptions<VocoderOptions>().BindConfiguration(VocoderOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration("Onnx");
        builder.Services.AddLoadedAtStart<MelToWaveform>();
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.Vocoder.Descriptor.FullName, _ => true));
        return builder;
    }

    public static WebApplication MapVocoder(this WebApplication app)
    {
        app.MapGrpcService<VocoderService>();
        return app;
    }
}
