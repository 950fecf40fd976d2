using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Rewas.Store.Settings;

/// <summary>Checks the options that are not plain ranges. All faults are reported together when the service starts.</summary>
sealed class StoreOptionsValidator(IConfiguration configuration) : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        var (section, s3) = (StoreSection.NameIn(configuration), options.S3);
        var faults = new List<string>();
        if (s3.ServiceUrl.Length > 0 && !(Uri.TryCreate(s3.ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            faults.Add($"{section}:S3:ServiceUrl: must be http://HOST:PORT or https://HOST:PORT, but is '{s3.ServiceUrl}'");
        if (s3.ServiceUrl.Length > 0 && s3.Bucket.Length == 0)
            faults.Add($"{section}:S3:Bucket: must be given with {section}:S3:ServiceUrl");
        if (s3.Bucket.Length > 0 && s3.Region.Length == 0)
            faults.Add($"{section}:S3:Region: must be given, but is empty");
        if (options.Postgres.Length > 0 && Unreadable(options.Postgres) is { } fault)
            faults.Add($"{section}:Postgres: {fault}");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
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
