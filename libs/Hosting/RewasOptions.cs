using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

/// <summary>Section "Rewas" of the configuration: what every service of the platform reads.</summary>
public sealed record RewasOptions
{
    public const string Section = "Rewas";

    /// <summary>
    /// Where to listen: http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT (with Kestrel's default certificate) or unix:/PATH;
    /// several are parted by semicolons. When empty, Kestrel's own section decides.
    /// </summary>
    public string Listen { get; set; } = "";
}

/// <summary>Every fault of <see cref="RewasOptions"/>, reported when the service starts.</summary>
sealed class RewasOptionsValidator : IValidateOptions<RewasOptions>
{
    public ValidateOptionsResult Validate(string? name, RewasOptions options)
    {
        var faults = ListenAddress.Split(options.Listen)
            .Where(text => ListenAddress.TryParse(text) is null)
            .Select(text => $"Rewas:Listen: '{text}' is not http://HOST:PORT, https://HOST:PORT or unix:/PATH")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
