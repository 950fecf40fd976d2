using Microsoft.Extensions.Configuration;
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

    /// <summary>
    /// PEM file with the certificates of the authority that signs the platform's own: whoever connects over TLS must then show a certificate of it. Empty, the
    /// default: nobody has to.
    /// </summary>
    public string ClientCertificateAuthority { get; set; } = "";

    /// <summary>
    /// Whether to believe who a caller is by the header "rewas-caller". Only where nobody but the gateway can connect: it removes the header from what comes from
    /// outside. Default false.
    /// </summary>
    public bool TrustCallerHeader { get; set; }

    /// <summary>Whether to listen beyond this machine although anybody who can connect may then call. Default false.</summary>
    public bool ListenWithoutAuthentication { get; set; }

    /// <summary>Set by hosts that check every caller themselves; no configuration sets it.</summary>
    public bool AuthenticatesCallers { get; private set; }

    /// <summary>This host checks every caller.</summary>
    public void AuthenticateCallers() => AuthenticatesCallers = true;

    /// <summary>Where Prometheus reads metrics, by HTTP/1.1 at /metrics and nothing else: an address as for <see cref="Listen"/>. Empty, the default: nowhere.</summary>
    public string Metrics { get; set; } = "";

    /// <summary>Logs on the console: "text", the default, one line each; or "json", with trace and span.</summary>
    public string Logs { get; set; } = TextLogs;

    /// <summary>Whether networks run once before the host listens, so that the first caller does not wait for what they set up. Default true.</summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>
    /// Whether the host serves nobody but the command that it is part of. Then networks are loaded when they are first needed, and telemetry and
    /// reflection, which are for others, are left out. Default false.
    /// </summary>
    public bool Private { get; set; }

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
sealed class RewasOptionsValidator(IConfiguration configuration) : IValidateOptions<RewasOptions>
{
    public ValidateOptionsResult Validate(string? name, RewasOptions options)
    {
        var faults = options.Faults().ToList();
        if (options.ClientCertificateAuthority.Length > 0 && !File.Exists(options.ClientCertificateAuthority))
            faults.Add($"Rewas:ClientCertificateAuthority: file '{options.ClientCertificateAuthority}' does not exist");
        if (!options.AuthenticatesCallers && !options.ListenWithoutAuthentication)
            faults.AddRange(Places(options).Where(place => IsOpen(place.Address, options)).Select(place =>
                $"{place.Key}: '{place.Text}' can be reached from other machines, and whoever does may call: check callers (https:// with Rewas:ClientCertificateAuthority, or a gateway with "
                + "Callers:KeysFile or Callers:Jwt), listen on 127.0.0.1, or set Rewas:ListenWithoutAuthentication=true"));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Where the host will listen, by Rewas:Listen or by Kestrel's own section.</summary>
    IEnumerable<(string Key, string Text, ListenAddress? Address)> Places(RewasOptions options) =>
    [
        .. ListenAddress.Split(options.Listen).Select(text => ("Rewas:Listen", text, ListenAddress.TryParse(text))),
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(end => ($"{end.Path}:Url", end["Url"] ?? "", ListenAddress.TryParse(AnyAddress(end["Url"] ?? "")))),
    ];

    /// <summary>Kestrel has signs for all addresses of the machine.</summary>
    static string AnyAddress(string url) => url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);

    static bool IsOpen(ListenAddress? address, RewasOptions options) =>
        address is { IsLocal: false } && !(address.Tls && options.ClientCertificateAuthority.Length > 0);
}
