using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

public static class LoadedAtStart
{
    /// <summary>
    /// A singleton that is made, and loaded if it is <see cref="ILoadable"/>, before the host listens: that is slow or can fail. What it throws
    /// stops the start. A private host makes and loads it when it is first needed instead.
    /// </summary>
    /// <param name="services">Of the host.</param>
    /// <param name="warmUp">Done once after it is made, unless Rewas:WarmUp is off.</param>
    public static IServiceCollection AddLoadedAtStart<T>(this IServiceCollection services, Action<IServiceProvider, T>? warmUp = null) where T : class
    {
        services.TryAddSingleton<T>();
        if (warmUp is not null)
            services.TryAddSingleton(new WarmUp<T>(warmUp));
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
