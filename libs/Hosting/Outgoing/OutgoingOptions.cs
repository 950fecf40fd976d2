using System.Net;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting.Outgoing;

/// <summary>Requests to addresses that callers give: webhooks, and files by URL. Configuration section "Outgoing".</summary>
public sealed record OutgoingOptions
{
    public const string Section = "Outgoing";

    /// <summary>
    /// Networks that such requests may reach although they are not public, such as 10.1.0.0/16 or 127.0.0.0/8. Default: none.
    /// </summary>
    public string[] AllowedNetworks { get; set; } = [];
}

/// <summary>Checks <see cref="OutgoingOptions"/> when the host starts.</summary>
sealed class OutgoingOptionsValidator : IValidateOptions<OutgoingOptions>
{
    public ValidateOptionsResult Validate(string? name, OutgoingOptions options)
    {
        string[] faults =
        [
            .. options.AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _))
                .Select(network => $"Outgoing:AllowedNetworks: must be networks such as 10.1.0.0/16, but has '{network}'"),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
