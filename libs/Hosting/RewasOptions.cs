using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

/// <summary>Section "Rewas" of the configuration, read by every service of the platform.</summary>
public sealed record RewasOptions
{
    public const string Section = "Rewas";

    internal const string TextLogs = "text", JsonLogs = "json";

    static readonly TimeSpan LongestDrain = TimeSpan.FromHours(1);

    /// <summary>
    /// Addresses to listen on, separated by semicolons: http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT (with Kestrel's default
    /// certificate) or unix:/PATH. Empty (default): Kestrel's own section decides.
    /// </summary>
    public string Listen { get; set; } = "";

    /// <summary>
    /// PEM file with the certificates of the authority that signs the platform's own. If set, callers over TLS must show a certificate of
    /// that authority. Empty (default): no certificate is required.
    /// </summary>
    public string ClientCertificateAuthority { get; set; } = "";

    /// <summary>
    /// Whether to trust the caller's name in the header "rewas-caller". Safe only if nobody but the gateway can connect, because the
    /// gateway removes the header from outside calls. Default false.
    /// </summary>
    public bool TrustCallerHeader { get; set; }

    /// <summary>
    /// Whether all callers share what the host keeps: every caller may see, use and delete the jobs, videos, sessions and recordings of
    /// all others. Needed where <see cref="TrustCallerHeader"/> is off. Default false.
    /// </summary>
    public bool ShareBetweenCallers { get; set; }

    /// <summary>
    /// Whether to listen beyond this machine without authentication. Anybody who can connect may then call. Default false.
    /// </summary>
    public bool ListenWithoutAuthentication { get; set; }

    /// <summary>Whether the host authenticates callers itself. Set by the host, not by configuration.</summary>
    public bool AuthenticatesCallers { get; private set; }

    /// <summary>Declares that this host authenticates every caller.</summary>
    public void AuthenticateCallers() => AuthenticatesCallers = true;

    /// <summary>
    /// Addresses for Prometheus, in the form of <see cref="Listen"/>. They serve /metrics by HTTP/1.1 and nothing else. Empty (default): no
    /// metrics are served.
    /// </summary>
    public string Metrics { get; set; } = "";

    /// <summary>
    /// Addresses for the probes of an orchestrator, in the form of <see cref="Listen"/>. They serve Check of the gRPC health service, to
    /// anyone, and nothing else. Empty (default): probes use <see cref="Listen"/>.
    /// </summary>
    public string Probes { get; set; } = "";

    /// <summary>Console log format: "text" (default), one line per entry; or "json", with trace and span.</summary>
    public string Logs { get; set; } = TextLogs;

    /// <summary>
    /// Whether networks run once before the host listens, so that the first caller does not wait for their set-up. Default true.
    /// </summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>
    /// Whether the host serves only the command that it is part of. Networks are then loaded on first use, and telemetry and reflection are
    /// off. Default false.
    /// </summary>
    public bool Private { get; set; }

    /// <summary>
    /// Least time for which a stopping process reports NOT_SERVING before it stops listening, so that routers notice. Default 0, range 0 to
    /// 1 h.
    /// </summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>
    /// Time in which running calls may finish after the process is told to stop. The rest end as UNAVAILABLE. Default 10 s, range 0 to 1 h.
    /// </summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Faults() =>
    [
        .. Addresses(nameof(Listen), Listen),
        .. Addresses(nameof(Metrics), Metrics),
        .. Addresses(nameof(Probes), Probes),
        .. Logs is TextLogs or JsonLogs
            ? Array.Empty<string>()
            : [$"{Section}:{nameof(Logs)}: must be {TextLogs} or {JsonLogs}, but is '{Logs}'"],
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

/// <summary>Checks <see cref="RewasOptions"/> when the service starts and reports all errors at once.</summary>
sealed class RewasOptionsValidator(IConfiguration configuration, IEnumerable<CallersData> kept) : IValidateOptions<RewasOptions>
{
    public ValidateOptionsResult Validate(string? name, RewasOptions options)
    {
        var faults = options.Faults().ToList();
        if (options.ClientCertificateAuthority.Length > 0 && !File.Exists(options.ClientCertificateAuthority))
            faults.Add($"Rewas:ClientCertificateAuthority: file '{options.ClientCertificateAuthority}' does not exist");
        if (!options.TrustCallerHeader && !options.ShareBetweenCallers && !options.Private)
            faults.AddRange(kept.Select(data =>
                $"Rewas:TrustCallerHeader: must be true for {data.Service}, which otherwise cannot tell its callers apart (then only the "
                + "gateway may connect), or Rewas:ShareBetweenCallers must say that each caller may use what another one keeps here"));
        faults.AddRange(Places(options).Where(place => place.Address?.IsOpen(options) == true)
            .Select(place => ListenAddress.OpenFault(place.Key, place.Text)));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>The addresses to listen on, from Rewas:Listen or Kestrel's own section.</summary>
    IEnumerable<(string Key, string Text, ListenAddress? Address)> Places(RewasOptions options) =>
    [
        .. ListenAddress.Split(options.Listen).Select(text => ("Rewas:Listen", text, ListenAddress.TryParse(text))),
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(end => ($"{end.Path}:Url", end["Url"] ?? "", ListenAddress.TryParse(AnyAddress(end["Url"] ?? "")))),
    ];

    /// <summary>Replaces Kestrel's wildcards for all addresses of the machine.</summary>
    static string AnyAddress(string url) =>
        url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
}
