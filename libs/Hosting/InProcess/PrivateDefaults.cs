using Microsoft.Extensions.DependencyInjection;

namespace Rewas.Hosting.InProcess;

public static class PrivateDefaults
{
    /// <summary>Defaults of a host whose services are called only from its own process. Networks are loaded on first use.</summary>
    public static IServiceCollection AddPrivateDefaults(this IServiceCollection services)
    {
        services.Configure<RewasOptions>(options => (options.Private, options.WarmUp) = (true, false));
        return services.AddSingleton<FaultInterceptor>().AddSingleton<InProcessInvoker>();
    }
}
