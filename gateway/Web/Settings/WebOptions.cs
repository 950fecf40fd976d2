using Microsoft.Extensions.Options;
using Rewas.Hosting;

namespace Rewas.Gateway.Web.Settings;

/// <summary>The web API. Configuration section "Web".</summary>
public sealed record WebOptions
{
    public const string Section = "Web";

    /// <summary>Length of <see cref="SessionKey"/>.</summary>
    public const int KeyBytes = 32;

    /// <summary>
    /// Addresses of the web API, separated by semicolons: http://HOST:PORT, https://HOST:PORT (HTTP/1.1 and HTTP/2) or unix:/PATH. Empty
    /// (default): there is no web API.
    /// </summary>
    public string Listen { get; set; } = "";

    /// <summary>
    /// Names by which browsers may reach a web API that checks no callers, beside localhost and IP addresses. Default: none. It keeps pages
    /// of other sites from calling it.
    /// </summary>
    public string[] Hosts { get; set; } = [];

    /// <summary>
    /// Address by which browsers reach the web API, such as https://sound.example.org: a provider of tokens sends them back there. Needed
    /// where a proxy ends TLS. Empty (default): that of the browser's request.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// Largest JSON request. All requests at a time may have 16 times as much. A curve takes about 11 bytes a value, so one of an hour fits
    /// into the default. Default 4 MiB, 1 KiB to 64 MiB.
    /// </summary>
    public int MaxJsonBytes { get; set; } = 4 << 20;

    /// <summary>Longest wait that a caller may ask for with "Prefer: wait=N". Default 5 minutes, 0 to 1 h.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Silence after which a stream of events sends a ping, so that no proxy closes it. Default 15 s, 100 ms to 10 min.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a page stays signed in. Default 12 h, 1 min to 30 days.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>
    /// 32 bytes in base64 that seal the sessions of pages, the same for all gateways. Empty (default): each process makes its own, so pages
    /// sign in again after a restart.
    /// </summary>
    public string SessionKey { get; set; } = "";

    /// <summary>Files that the server fetches from a URL.</summary>
    public FetchOptions Fetch { get; set; } = new();
}

/// <summary>Checks <see cref="WebOptions"/> when the host starts and reports all errors at once.</summary>
sealed class WebOptionsValidator(IOptions<RewasOptions> rewas) : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        List<string> faults =
        [
            .. WebEndpoint.Faults(options.Listen, rewas.Value),
            .. options.MaxJsonBytes is < 1 << 10 or > 64 << 20
                ? [$"Web:MaxJsonBytes: must be from {1 << 10} to {64 << 20}, but is {options.MaxJsonBytes}"]
                : Array.Empty<string>(),
            .. Range(nameof(options.LongestWait), options.LongestWait, TimeSpan.Zero, TimeSpan.FromHours(1)),
            .. options.Fetch.MaxBytes is < 1L << 10 or > 1L << 40
                ? [$"Web:Fetch:MaxBytes: must be from {1L << 10} to {1L << 40}, but is {options.Fetch.MaxBytes}"]
                : Array.Empty<string>(),
            .. Range($"Fetch:{nameof(options.Fetch.Timeout)}", options.Fetch.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            .. Range(nameof(options.SessionLifetime), options.SessionLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
            .. options.Address.Length > 0 && !IsAddress(options.Address)
                ? [$"Web:Address: must be http://HOST or https://HOST without a path, but is '{options.Address}'"]
                : Array.Empty<string>(),
            .. options.SessionKey.Length > 0 && !IsKey(options.SessionKey)
                ? [$"Web:SessionKey: must be {WebOptions.KeyBytes} bytes in base64"]
                : Array.Empty<string>(),
            .. Range(nameof(options.PingInterval), options.PingInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" };

    static bool IsKey(string text) =>
        Convert.TryFromBase64String(text, new byte[text.Length], out var bytes) && bytes == WebOptions.KeyBytes;

    static string[] Range(string option, TimeSpan value, TimeSpan minimum, TimeSpan maximum) =>
        value < minimum || value > maximum ? [$"Web:{option}: must be from {minimum} to {maximum}, but is {value}"] : [];
}
