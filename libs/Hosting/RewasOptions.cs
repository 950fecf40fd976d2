using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

/// <summary>Section "Rewas" of the configuration: what every service of the platform reads.</summary>
public sealed record RewasOptions
{
    public const string Section = "Rewas";

    internal const string TextLogs = "text", JsonLogs = "json";

    static readonly TimeSpan LongestDrain = TimeSpan.FromHours(1);

    /// <summary>
    /// Where to listen: http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT (with Kestrel's default certificate) or unix:/PATH;
    /// several are parted by semicolons. When empty, Kestrel's own section decides.
    /// </summary>
    public string Listen { get; set; } = "";

    /// <summary>Where Prometheus reads metrics, by HTTP/1.1 at /metrics and nothing else: an address as for <see cref="Listen"/>. Empty, the default: nowhere.</summary>
    public string Metrics { get; set; } = "";

    /// <summary>Logs on the console: "text", the default, one line each; or "json", with trace and span.</summary>
    public string Logs { get; set; } = TextLogs;

    /// <summary>Whether networks run once before the host listens, so that the first caller does not wait for what they set up. Default true.</summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>
    /// A process that is told to stop says NOT_SERVING and takes no new work for at least so long, so that whoever routes calls to it has noticed. Default 0, 0 to 1 h.
    /// </summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>Calls that run when a process is told to stop may end in this time; the rest are handed back as UNAVAILABLE. Default 10 s, 0 to 1 h.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Faults() =>
    [
        .. Addresses(nameof(Listen), Listen),
        .. Addresses(nameof(Metrics), Metrics),
        .. Logs is TextLogs or JsonLogs ? Array.Empty<string>() : [$"{Section}:{nameof(Logs)}: must be {TextLogs} or {JsonLogs}, but is '{Logs}'"],
        .. Range(nameof(DrainDelay), DrainDelay),
        .. Range(nameof(GracePeriod), GracePeriod),
    ];

    static IEnumerable<string> Addresses(string option, string addresses) => ListenAddress.Split(addresses)
        .Where(text => ListenAddress.TryParse(text) is null)
        .Select(text => $"{Section}:{option}: '{text}' is not http://HOST:PORT, https://HOST:PORT or unix:/PATH");

    static IEnumerable<string> Range(string option, TimeSpan value)
    {
        if (value < TimeSpan.Zero || value > LongestDrain)
            yield return $"{Section}:{option}: must be from {TimeSpan.Zero} to {LongestDrain}, but is {value}";
    }
}

/// <summary>Every fault of <see cref="RewasOptions"/>, reported when the service starts.</summary>
sealed class RewasOptionsValidator : IValidateOptions<RewasOptions>
{
    public ValidateOptionsResult Validate(string? name, RewasOptions options)
    {
        var faults = options.Faults().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
