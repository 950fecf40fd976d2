using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.Store.Settings;

namespace Rewas.Store;

/// <summary>Registers the store. Services of one process share it.</summary>
public static class StoreSetup
{
    public static IServiceCollection AddStore(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        services.AddSettings<StoreOptions>(StoreOptions.Section)
            .PostConfigure(options => StoreSection.Complete(options, configuration))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddLoadedAtStart<StoreDatabase>();
        services.TryAddSingleton<StoreClock>();
        services.TryAddSingleton<Claims>();
        services.TryAddSingleton<LeaseTable>();
        services.TryAddSingleton<StoredFiles>();
        services.TryAddSingleton<StoredParts>();
        services.TryAddSingleton<UnusedFiles>();
        services.TryAddSingleton<WorkingSpace>();
        services.TryAddSingleton<IStoredFiles>(provider => provider.GetRequiredService<IOptions<StoreOptions>>().Value.S3.Bucket.Length > 0
            ? ActivatorUtilities.CreateInstance<S3Files>(provider)
            : ActivatorUtilities.CreateInstance<FolderFiles>(provider));
        return services;
    }

    /// <summary>The store's settings before the host is built.</summary>
    public static StoreOptions ReadStore(this IConfiguration configuration) => StoreSection.Read(configuration);
}
