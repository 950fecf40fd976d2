using Grpc.AspNetCore.HealthChecks;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.VideoEncoder;

/// <summary>The first stage, in a host of its own or beside others.</summary>
public static class VideoEncoderSetup
{
    public static WebApplicationBuilder AddVideoEncoder(this WebApplicationBuilder builder)
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddOptions<VideoEncoderOptions>().BindConfiguration(VideoEncoderOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration("Onnx");
        builder.Services.AddLoadedAtStart<FramesToFeatures>();
        builder.Services.AddSingleton<VideoPlaces>();
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.VideoEncoder.Descriptor.FullName, _ => true));
        return builder;
    }

    public static WebApplication MapVideoEncoder(this WebApplication app)
    {
        app.MapGrpcService<VideoEncoderService>();
        return app;
    }
}
