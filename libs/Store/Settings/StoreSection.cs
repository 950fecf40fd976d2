using Microsoft.Extensions.Configuration;
using Rewas.Hosting;

namespace Rewas.Store.Settings;

/// <summary>
/// Reads the store's settings. Folder, Postgres and S3 were settings of the jobs first, and count in section "Jobs" as long as section
/// "Store" has none of them. So one environment with the older names still serves every process.
/// </summary>
static class StoreSection
{
    const string Older = "Jobs";

    static readonly string[] Shared = [nameof(StoreOptions.Folder), nameof(StoreOptions.Postgres), nameof(StoreOptions.S3)];

    /// <summary>The section that places the store.</summary>
    public static string NameIn(IConfiguration configuration) =>
        Shared.Any(name => configuration.GetSection($"{StoreOptions.Section}:{name}").Exists()) ? StoreOptions.Section : Older;

    /// <summary>The settings before the host is built.</summary>
    public static StoreOptions Read(IConfiguration configuration)
    {
        var options = configuration.Read<StoreOptions>(StoreOptions.Section);
        Complete(options, configuration);
        return options;
    }

    public static void Complete(StoreOptions options, IConfiguration configuration)
    {
        if (NameIn(configuration) != Older)
            return;
        var older = configuration.Read<OlderSettings>(Older);
        (options.Folder, options.Postgres, options.S3) = (older.Folder, older.Postgres, older.S3);
    }

    sealed record OlderSettings
    {
        public string Folder { get; init; } = "";

        public string Postgres { get; init; } = "";

        public S3Options S3 { get; init; } = new();
    }
}
