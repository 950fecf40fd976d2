using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Rewas.Hosting;

public static class LoadedAtStart
{
    /// <summary>
    /// A singleton that is made before the host listens, because making it is slow or can fail: networks. What it throws stops the start.
    /// </summary>
    public static IServiceCollection AddLoadedAtStart<T>(this IServiceCollection services) where T : class
    {
        services.TryAddSingleton<T>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Loader<T>>());
        return services;
    }

    sealed class Loader<T>(IServiceProvider services) : IHostedLifecycleService where T : class
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<T>();
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
