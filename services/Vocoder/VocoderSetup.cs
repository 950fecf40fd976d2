using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.Vocoder;

/// <summary>The fourth stage, in a host of its own or beside others.</summary>
public static class VocoderSetup
{
    public static WebApplicationBuilder AddVocoder(this WebApplicationBuilder builder)
    {
        builder.AddStage<VocoderOptions, MelToWaveform>(V1.Vocoder.Descriptor, (network, clock) => network.WarmUp(clock));
        builder.Services.AddOptions<OnnxOptions>().BindConfiguration(OnnxOptions.Section);
        return builder;
    }

    public static WebApplication MapVocoder(this WebApplication app)
    {
        app.MapGrpcService<VocoderService>();
        return app;
    }
}
