using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Rewas.Store.Settings;

/// <summary>Checks the options that are not plain ranges. All faults are reported together when the service starts.</summary>
sealed class StoreOptionsValidator(IConfiguration configuration) : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? name, StoreOptions options) =>
        StorePlace.Faults(StoreSection.NameIn(configuration), options.Postgres, options.S3) is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;
}
