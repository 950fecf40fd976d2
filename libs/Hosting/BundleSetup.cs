using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rewas.Checkpoints;

namespace Rewas.Hosting;

public static class BundleSetup
{
    /// <summary>Name or directory of the bundle.</summary>
    public const string Key = "Rewas:Bundle";

    public const string DefaultBundle = "rewas-mini";

    /// <summary>
    /// The process's one bundle, which all its stages share: loaded and checked when the host starts, so that a bad one stops the start.
    /// Calling this again changes nothing.
    /// </summary>
    public static IServiceCollection AddBundle(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(_ => Bundle.Find(configuration[Key] is { Length: > 0 } given ? given : DefaultBundle));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LoadAtStart>());
        return services;
    }

    sealed class LoadAtStart(IServiceProvider services, ILogger<LoadAtStart> log) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            var bundle = services.GetRequiredService<Bundle>();
            log.BundleLoaded(bundle.Manifest.Name, bundle.Directory, bundle.Sha256, bundle.Manifest.Licence);
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
