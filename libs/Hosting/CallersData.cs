using Microsoft.Extensions.DependencyInjection;

namespace Rewas.Hosting;

/// <summary>
/// A service of this host that keeps data of its callers. Such a host must be able to tell its callers apart, or say that they share.
/// </summary>
sealed record CallersData(string Service);

public static class CallersDataSetup
{
    /// <summary>Declares that a service keeps data of its callers. The start fails unless the settings say whose it is.</summary>
    /// <param name="service">Its name in messages.</param>
    public static IServiceCollection AddCallersData(this IServiceCollection services, string service) =>
        services.AddSingleton(new CallersData(service));
}
