using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Rewas.Store;

namespace Rewas.Tests.Store;

/// <summary>The store as one replica sees it. Several may share a folder.</summary>
sealed class StoreReplica : IAsyncDisposable
{
    readonly ServiceProvider services;

    /// <param name="add">Services that replace those of the store.</param>
    public StoreReplica(string folder, Action<IServiceCollection>? add = null, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                [new("Store:Folder", folder), .. settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))])
            .Build();
        var collection = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton<TimeProvider>(Clock);
        add?.Invoke(collection);
        services = collection.AddStore(configuration).BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
