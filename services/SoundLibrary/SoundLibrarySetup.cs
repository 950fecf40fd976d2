using Grpc.AspNetCore.HealthChecks;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Hosting;
using Rewas.Library;
using Rewas.Networks.Onnx;

namespace Rewas.SoundLibrary;

/// <summary>Registers the library of recordings, in a host of its own or beside the stages.</summary>
public static class SoundLibrarySetup
{
    public static WebApplicationBuilder AddSoundLibrary(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddBundle(builder.Configuration);
        services.AddCallersData(V1.SoundLibrary.Descriptor.Name);
        services.AddSingleton<IValidateOptions<SoundLibraryOptions>, SoundLibraryOptionsValidator>();
        services.AddSettings<SoundLibraryOptions>(V1.SoundLibrary.Descriptor.Name).ValidateDataAnnotations().ValidateOnStart();
        services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.SoundLibrary.Descriptor.FullName, _ => true));
        services.AddSingleton<CallersFolders>();
        // The first call opens the index. A host whose library nobody uses leaves no index behind.
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SoundLibraryOptions>>().Value;
            // A recording is one window. Several recordings at once use the processor better than several threads for one.
            var onnx = provider.GetRequiredService<IOptions<OnnxOptions>>().Value with { Threads = 1 };
            return LibraryIndex.Open(
                options.FolderPath, () => BundleSoundSpace.Load(provider.GetRequiredService<Bundle>(), onnx), options.Limits);
        });
        services.AddSingleton(provider => new LoadedOnce<LibraryIndex>(provider.GetRequiredService<LibraryIndex>));
        return builder;
    }

    public static WebApplication MapSoundLibrary(this WebApplication app)
    {
        app.MapGrpcService<SoundLibraryService>();
        return app;
    }
}
