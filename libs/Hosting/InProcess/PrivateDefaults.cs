using Microsoft.Extensions.DependencyInjection;

namespace Rewas.Hosting.InProcess;

public static class PrivateDefaults
{
    /// <summary>What a host has whose services are called from its own process alone. Networks are loaded when they are first needed.</summary>
    public static IServiceCollection AddPrivateDefaults(this IServiceCollection services)
    {
        services.Configure<RewasOptions>(options => (options.Private, options.WarmUp) = (true, false));
        return services.AddSingleton<FaultInterceptor>().AddSingleton<InProcessInvoker>();
    }
}
