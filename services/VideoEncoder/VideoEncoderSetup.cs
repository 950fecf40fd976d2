using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.VideoEncoder;

/// <summary>The first stage, in a host of its own or beside others.</summary>
public static class VideoEncoderSetup
{
    public static WebApplicationBuilder AddVideoEncoder(this WebApplicationBuilder builder)
    {
        builder.AddStage<VideoEncoderOptions, FramesToFeatures>(V1.VideoEncoder.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration(OnnxOptions.Section);
        builder.Services.AddSingleton<VideoPlaces>();
        return builder;
    }

    public static WebApplication MapVideoEncoder(this WebApplication app)
    {
        app.MapGrpcService<VideoEncoderService>();
        return app;
    }
}
