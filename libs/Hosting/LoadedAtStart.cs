using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Rewas.Hosting;

public static class LoadedAtStart
{
    /// <summary>
    /// A singleton that is made before the host listens, because making it is slow or can fail: bundles, networks. What it throws stops the start.
    /// </summary>
    public static IServiceCollection AddLoadedAtStart<T>(this IServiceCollection services) where T : class
    {
        services.TryAddSingleton<T>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<Item, Item<T>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Loader>());
        return services;
    }

    /// <summary>Makes them now; those that are made already stay.</summary>
    internal static void LoadAll(this IServiceProvider services)
    {
        foreach (var item in services.GetServices<Item>())
            item.Load();
    }

    abstract class Item
    {
        public abstract void Load();
    }

    sealed class Item<T>(IServiceProvider services) : Item where T : class
    {
        public override void Load() => services.GetRequiredService<T>();
    }

    sealed class Loader(IServiceProvider services) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            services.LoadAll();
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
