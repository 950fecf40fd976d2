using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Rewas.Hosting;

public static class StageSetup
{
    /// <summary>
    /// What every stage has: the bundle, its limits (configuration section of the stage's name, checked when the host starts), its network, loaded before
    /// the host listens, and its place in the health service.
    /// </summary>
    /// <typeparam name="TOptions">Its limits.</typeparam>
    /// <typeparam name="TNetwork">What runs its network.</typeparam>
    /// <param name="builder">The host.</param>
    /// <param name="stage">Its service.</param>
    public static WebApplicationBuilder AddStage<TOptions, TNetwork>(this WebApplicationBuilder builder, Google.Protobuf.Reflection.ServiceDescriptor stage)
        where TOptions : class
        where TNetwork : class
    {
        builder.Services.AddBundle(builder.Configuration);
        builder.Services.AddOptions<TOptions>().BindConfiguration(stage.Name).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddLoadedAtStart<TNetwork>();
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(stage.FullName, _ => true));
        return builder;
    }
}
