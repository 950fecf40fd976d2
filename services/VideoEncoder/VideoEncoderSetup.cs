using Rewas.Hosting;
using Rewas.Hosting.InProcess;
using Rewas.Networks.Onnx;
using Rewas.Video;

namespace Rewas.VideoEncoder;

/// <summary>Adds the first stage to a host, alone or beside other stages.</summary>
public static class VideoEncoderSetup
{
    public static TBuilder AddVideoEncoder<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddStage<VideoEncoderOptions, FramesToFeatures>(V1.VideoEncoder.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        builder.Services.AddSingleton<VideoPlaces>().AddSingleton<OpenVideos>();
        return builder;
    }

    /// <summary>Adds the stage to the process of its only caller.</summary>
    public static IServiceCollection AddVideoEncoderInProcess(this IServiceCollection services) =>
        services.AddInProcess<VideoEncoderService>(V1.VideoEncoder.Descriptor.FullName, V1.VideoEncoder.BindService);

    public static WebApplication MapVideoEncoder(this WebApplication app)
    {
        app.MapGrpcService<VideoEncoderService>();
        return app;
    }
}
