using Rewas.Hosting;
using Rewas.Hosting.InProcess;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>Adds the fourth stage to a host, alone or beside other stages.</summary>
public static class VocoderSetup
{
    public static TBuilder AddVocoder<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddStage<VocoderOptions, MelToWaveform>(V1.Vocoder.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        return builder;
    }

    /// <summary>Adds the stage to the process of its only caller.</summary>
    public static IServiceCollection AddVocoderInProcess(this IServiceCollection services) =>
        services.AddInProcess<VocoderService>(V1.Vocoder.Descriptor.FullName, V1.Vocoder.BindService);

    public static WebApplication MapVocoder(this WebApplication app)
    {
        app.MapGrpcService<VocoderService>();
        return app;
    }
}
