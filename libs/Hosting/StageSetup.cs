using Grpc.AspNetCore.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rewas.Checkpoints;

namespace Rewas.Hosting;

public static class StageSetup
{
    /// <summary>
    /// What every stage has: the bundle, its limits (configuration section of the stage's name, checked when the host starts), its network, loaded and run once before
    /// the host listens, and its place in the health service.
    /// </summary>
    /// <typeparam name="TOptions">Its limits.</typeparam>
    /// <typeparam name="TNetwork">What runs its network.</typeparam>
    /// <param name="builder">The host.</param>
    /// <param name="stage">Its service.</param>
    /// <param name="warmUp">Runs the network on nothing.</param>
    public static void AddStage<TOptions, TNetwork>(
        this IHostApplicationBuilder builder, Google.Protobuf.Reflection.ServiceDescriptor stage, Action<TNetwork, StageClock> warmUp)
        where TOptions : class
        where TNetwork : class
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddOptions<TOptions>().BindConfiguration(stage.Name).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddLoadedAtStart<TNetwork>((services, network) => warmUp(network, new StageClock(stage.Name, services.GetRequiredService<Bundle>())));
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(stage.FullName, _ => true));
    }
}
