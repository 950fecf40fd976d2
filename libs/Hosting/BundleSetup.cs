using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Rewas.Bundles;

namespace Rewas.Hosting;

public static class BundleSetup
{
    /// <summary>Name or directory of the bundle.</summary>
    public const string Key = "Rewas:Bundle";

    public const string DefaultBundle = "rewas-mini";

    /// <summary>
    /// Adds the process's one bundle, which all its stages share. It is loaded and checked when the host starts; an invalid bundle stops
    /// the start. A second call has no effect.
    /// </summary>
    public static IServiceCollection AddBundle(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider =>
            Load(configuration[Key] is { Length: > 0 } given ? given : DefaultBundle, provider.GetRequiredService<ILoggerFactory>()));
        return services.AddSetting(Key).AddLoadedAtStart<Bundle>();
    }

    static Bundle Load(string nameOrDirectory, ILoggerFactory logs)
    {
        var bundle = Bundle.Find(nameOrDirectory);
        logs.CreateLogger<Bundle>().BundleLoaded(bundle.Manifest.Name, bundle.Directory, bundle.Sha256, bundle.Manifest.Licence);
        return bundle;
    }
}
