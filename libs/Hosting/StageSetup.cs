using Grpc.AspNetCore.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rewas.Bundles;

namespace Rewas.Hosting;

public static class StageSetup
{
    /// <summary>
    /// Adds the common parts of a stage: the bundle, its limits (configuration section of the stage's name, checked at start), its network,
    /// loaded and run once before the host listens, and its health check.
    /// </summary>
    /// <typeparam name="TOptions">Limits of the stage.</typeparam>
    /// <typeparam name="TNetwork">Runs the network of the stage.</typeparam>
    /// <param name="stage">The gRPC service.</param>
    /// <param name="warmUp">Runs the network on zeros.</param>
    public static void AddStage<TOptions, TNetwork>(
        this IHostApplicationBuilder builder, Google.Protobuf.Reflection.ServiceDescriptor stage, Action<TNetwork, StageClock> warmUp)
        where TOptions : class
        where TNetwork : class
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddSettings<TOptions>(stage.Name).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddLoadedAtStart<TNetwork>((services, network) =>
            warmUp(network, new StageClock(stage.Name, services.GetRequiredService<Bundle>())));
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(stage.FullName, _ => true));
    }
}
