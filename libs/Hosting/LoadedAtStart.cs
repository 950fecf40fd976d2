using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

public static class LoadedAtStart
{
    /// <summary>
    /// Adds a singleton that is created before the host listens, and loaded if it is <see cref="ILoadable"/>. If that fails, the start
    /// fails. A private host creates and loads it on first use instead.
    /// </summary>
    /// <param name="warmUp">Runs once after creation, unless Rewas:WarmUp is off.</param>
    public static IServiceCollection AddLoadedAtStart<T>(
        this IServiceCollection services, Action<IServiceProvider, T>? warmUp = null) where T : class
    {
        services.TryAddSingleton<T>();
        if (warmUp is not null)
            services.TryAddSingleton(new WarmUp<T>(warmUp));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<Item, Item<T>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Loader>());
        return services;
    }

    /// <summary>Creates and loads all of them now. Those that exist already are kept.</summary>
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
        bool loaded;

        public override void Load()
        {
            var made = services.GetRequiredService<T>();
            (made as ILoadable)?.Load();
            if (!loaded && services.GetRequiredService<IOptions<RewasOptions>>().Value.WarmUp)
                services.GetService<WarmUp<T>>()?.Run(services, made);
            loaded = true;
        }
    }

    sealed record WarmUp<T>(Action<IServiceProvider, T> Run);

    sealed class Loader(IServiceProvider services) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            if (!services.GetRequiredService<IOptions<RewasOptions>>().Value.Private)
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
