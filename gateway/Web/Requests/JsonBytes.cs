using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Settings;
using Rewas.Hosting;

namespace Rewas.Gateway.Web.Requests;

/// <summary>The bytes of all JSON requests that come in or are being read. A named caller may have half of them.</summary>
sealed class JsonBytes(IOptions<WebOptions> configured)
{
    /// <summary>How many of the largest requests there may be at a time.</summary>
    const int Largest = 16;

    readonly SharedBytes bytes = new(
        "body", ((long)Largest * configured.Value.MaxJsonBytes, $"{Largest} times {nameof(WebOptions.MaxJsonBytes)}"),
        share: (long)Largest / 2 * configured.Value.MaxJsonBytes);

    /// <summary>Begins to count the bytes of a request.</summary>
    public SharedBytes.Holding Begin(string caller) => bytes.Begin(caller);
}
