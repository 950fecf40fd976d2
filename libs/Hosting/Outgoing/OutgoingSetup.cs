using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting.Outgoing;

public static class OutgoingSetup
{
    /// <summary>Adds requests to addresses that callers give. Services of one process share them.</summary>
    public static IServiceCollection AddOutgoingConnections(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(OutgoingConnections)))
            return services;
        services.AddSingleton<IValidateOptions<OutgoingOptions>, OutgoingOptionsValidator>();
        services.AddSettings<OutgoingOptions>(OutgoingOptions.Section).ValidateOnStart();
        services.AddSingleton<OutgoingConnections>();
        return services;
    }
}
