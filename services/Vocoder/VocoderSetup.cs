using Rewas.Hosting;
using Rewas.Hosting.InProcess;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>The fourth stage, in a host of its own or beside others.</summary>
public static class VocoderSetup
{
    public static TBuilder AddVocoder<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddStage<VocoderOptions, MelToWaveform>(V1.Vocoder.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration(OnnxOptions.Section);
        return builder;
    }

    /// <summary>The stage in the same process as its only caller.</summary>
    public static IServiceCollection AddVocoderInProcess(this IServiceCollection services) =>
        services.AddInProcess<VocoderService>(V1.Vocoder.Descriptor.FullName, V1.Vocoder.BindService);

    public static WebApplication MapVocoder(this WebApplication app)
    {
        app.MapGrpcService<VocoderService>();
        return app;
    }
}
