using Npgsql;

namespace Rewas.Store.Settings;

/// <summary>Where a store is: the settings that were the jobs' first.</summary>
public static class StorePlace
{
    /// <summary>What is wrong with the settings, one line each.</summary>
    /// <param name="section">The section that they are read from.</param>
    public static IReadOnlyList<string> Faults(string section, string postgres, S3Options s3)
    {
        var faults = new List<string>();
        if (s3.ServiceUrl.Length > 0 && !(Uri.TryCreate(s3.ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            faults.Add($"{section}:S3:ServiceUrl: must be http://HOST:PORT or https://HOST:PORT, but is '{s3.ServiceUrl}'");
        if (s3.ServiceUrl.Length > 0 && s3.Bucket.Length == 0)
            faults.Add($"{section}:S3:Bucket: must be given with {section}:S3:ServiceUrl");
        if (s3.Bucket.Length > 0 && s3.Region.Length == 0)
            faults.Add($"{section}:S3:Region: must be given, but is empty");
        if (postgres.Length > 0 && Unreadable(postgres) is { } fault)
            faults.Add($"{section}:Postgres: {fault}");
        return faults;
    }

    /// <summary>Says why a connection string is invalid, without quoting it. It may hold a password.</summary>
    static string? Unreadable(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection).Host is null ? "must name a Host" : null;
        }
        catch (ArgumentException)
        {
            return "is not a connection string such as Host=db;Database=rewas;Username=rewas";
        }
    }
}
