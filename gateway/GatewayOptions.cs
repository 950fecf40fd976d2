using Microsoft.Extensions.Options;
using Rewas.Protocol;

namespace Rewas.Gateway;

/// <summary>Options of the gateway. Configuration section "Gateway".</summary>
public sealed record GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Services that are routed if they have an address.</summary>
    public static IReadOnlyList<string> OptionalNames { get; } = ["SoundAgent", "SoundStudio", "Jobs", "SoundLibrary"];

    /// <summary>All services that have addresses.</summary>
    internal IEnumerable<string> Routed =>
        StageNames.All.Concat(OptionalNames.Where(name => Stages.GetValueOrDefault(name) is { Length: > 0 }));

    /// <summary>
    /// Addresses (http:// or https://) by service: at least one replica per stage, any number for the others. Replicas of the agent, the
    /// studio and the jobs must share their store.
    /// </summary>
    public Dictionary<string, string[]> Stages { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Longest silence on a call, 1 s to 1 day. Diffusion reports every step, but a queue may be silent.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait for a replica to accept a connection, 10 ms to 1 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Interval of a replica's health checks, 100 ms to 1 h.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Timeout of a health check, 10 ms to 1 min.</summary>
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Consecutive failures after which a replica is ejected, 1 to 1000. A failure breaks off or ends with UNAVAILABLE, INTERNAL or
    /// UNKNOWN.
    /// </summary>
    public int FailuresToEject { get; set; } = 5;

    /// <summary>Duration of an ejection, 100 ms to 1 h. If the next call fails too, the replica is ejected again.</summary>
    public TimeSpan EjectionTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest call, 1 s to 7 days. It limits the caller's deadline and applies without one.</summary>
    public TimeSpan MaxCallTime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How much earlier than the caller's a stage's deadline is, so that the stage's own answer arrives in time. At most a tenth of the
    /// remaining time. 0 to 1 min.
    /// </summary>
    public TimeSpan DeadlineMargin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Certificates for https:// addresses: the gateway's own, and the trusted authority of the stages.</summary>
    public PeerTls Tls { get; set; } = new();

    /// <summary>
    /// Redis in which all gateways count together what each caller uses: HOST:PORT, with further settings separated by commas
    /// (password=..., ssl=true, asyncTimeout=1000 for the longest wait of a call, ms). It may hold a password, so prefer the environment
    /// (Gateway__QuotaStore). Empty (default): each gateway counts by itself.
    /// </summary>
    public string QuotaStore { get; set; } = "";

    /// <summary>Interval of name look-ups, which find new and lost replicas, 1 s to 1 h.</summary>
    public TimeSpan NameInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which a connection is pinged, 1 s to 1 h. Pings detect replicas that are frozen or cut off.</summary>
    public TimeSpan PingDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Timeout of a ping, after which the connection and its calls end, 1 s to 1 h.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(3);
}

/// <summary>Checks <see cref="GatewayOptions"/> when the gateway starts and reports all errors at once.</summary>
sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        List<string> faults =
        [
            .. options.Stages.Keys.Except([.. StageNames.All, .. GatewayOptions.OptionalNames], StringComparer.OrdinalIgnoreCase)
                .Select(stage =>
                    $"Gateway:Stages:{stage}: is not a stage; stages are {string.Join(", ", StageNames.All)}, "
                    + $"and there may be {string.Join(" and ", GatewayOptions.OptionalNames)}"),
            .. StageNames.All.SelectMany(stage => Addresses(stage, options.Stages.GetValueOrDefault(stage) ?? [])),
            .. options.Routed.Except(StageNames.All).SelectMany(stage => Addresses(stage, options.Stages[stage])),
            .. Range(nameof(options.ActivityTimeout), options.ActivityTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            .. Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            .. Range(nameof(options.HealthInterval), options.HealthInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            .. Range(nameof(options.HealthTimeout), options.HealthTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            .. options.FailuresToEject is < 1 or > 1000
                ? [$"Gateway:FailuresToEject: must be from 1 to 1000, but is {options.FailuresToEject}"]
                : Array.Empty<string>(),
            .. Range(nameof(options.EjectionTime), options.EjectionTime, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            .. Range(nameof(options.MaxCallTime), options.MaxCallTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
            .. Range(nameof(options.DeadlineMargin), options.DeadlineMargin, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            .. options.Tls.Faults("Gateway:Tls"),
            .. options.QuotaStore.Length > 0 && !Quotas.QuotaStore.IsAddress(options.QuotaStore)
                ? ["Gateway:QuotaStore: must be HOST:PORT of a Redis, with further settings separated by commas"]
                : Array.Empty<string>(),
            .. Range(nameof(options.NameInterval), options.NameInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            .. Range(nameof(options.PingDelay), options.PingDelay, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            .. Range(nameof(options.PingTimeout), options.PingTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    static IEnumerable<string> Addresses(string stage, string[] addresses)
    {
        if (addresses.Length == 0)
            yield return $"Gateway:Stages:{stage}: must have at least one address, but has none";
        foreach (var address in addresses)
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
                yield return $"Gateway:Stages:{stage}: '{address}' is not http://HOST:PORT or https://HOST:PORT";
        foreach (var twice in addresses.GroupBy(address => address).Where(same => same.Count() > 1))
            yield return $"Gateway:Stages:{stage}: '{twice.Key}' is listed {twice.Count()} times";
    }

    static IEnumerable<string> Range(string option, TimeSpan value, TimeSpan minimum, TimeSpan maximum)
    {
        if (value < minimum || value > maximum)
            yield return $"Gateway:{option}: must be from {minimum} to {maximum}, but is {value}";
    }
}
