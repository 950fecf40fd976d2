using Microsoft.Extensions.Options;
using Rewas.Protocol;

namespace Rewas.Gateway;

/// <summary>Section "Gateway" of the configuration.</summary>
public sealed record GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The studio holds its callers' videos, so there is one, or none.</summary>
    public const string Studio = "SoundStudio";

    /// <summary>What is routed as a stage is where it has an address, and need not have one.</summary>
    public static IReadOnlyList<string> OptionalNames { get; } = ["SoundAgent", Studio, "Jobs"];

    /// <summary>What is routed: every stage, and what is optional where it has an address.</summary>
    internal IEnumerable<string> Routed => StageNames.All.Concat(OptionalNames.Where(name => Stages.GetValueOrDefault(name) is { Length: > 0 }));

    /// <summary>Addresses (http:// or https://) of each stage's replicas, at least one; of the agent, if there is one; and of the studio, at most one.</summary>
    public Dictionary<string, string[]> Stages { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A call on which nothing passes for so long is ended: 1 s to 1 day. Diffusion speaks after every step, a queue may be silent.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A replica that does not accept a connection for so long is passed over: 10 ms to 1 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time from one health check of a replica to the next: 100 ms to 1 h.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A health check that is not answered for so long has failed: 10 ms to 1 min.</summary>
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Calls in a row that break off or end with UNAVAILABLE, INTERNAL or UNKNOWN before a replica gets none for a while: 1 to 1000.</summary>
    public int FailuresToEject { get; set; } = 5;

    /// <summary>For how long: 100 ms to 1 h. After it the next call decides: if that fails too, it is ejected again.</summary>
    public TimeSpan EjectionTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time of a call, also where the caller gives more or none: 1 s to 7 days.</summary>
    public TimeSpan MaxCallTime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>By how much earlier than its caller's a stage's deadline ends, so that its own answer comes in time; at most a tenth of what is left: 0 to 1 min.</summary>
    public TimeSpan DeadlineMargin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How the gateway shows the stages who it is, and which it believes, at https:// addresses.</summary>
    public PeerTls Tls { get; set; } = new();
    /// <summary>Time after which a host's name is looked up again, for replicas that came or went: 1 s to 1 h.</summary>
    public TimeSpan NameInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection on which nothing came for so long is pinged: 1 s to 1 h. A replica that is frozen or cut off says nothing of it.</summary>
    public TimeSpan PingDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A ping that is not answered for so long ends the connection and its calls: 1 s to 1 h.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Every fault of <see cref="GatewayOptions"/>, reported when the gateway starts.</summary>
sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        List<string> faults =
        [
            .. options.Stages.Keys.Except([.. StageNames.All, .. GatewayOptions.OptionalNames], StringComparer.OrdinalIgnoreCase)
                .Select(stage => $"Gateway:Stages:{stage}: is not a stage; stages are {string.Join(", ", StageNames.All)}, and there may be {string.Join(" and ", GatewayOptions.OptionalNames)}"),
            .. StageNames.All.SelectMany(stage => Addresses(stage, options.Stages.GetValueOrDefault(stage) ?? [])),
            .. options.Routed.Except(StageNames.All).SelectMany(stage => Addresses(stage, options.Stages[stage])),
            .. options.Stages.GetValueOrDefault(GatewayOptions.Studio) is { Length: > 1 } studios ? [$"Gateway:Stages:{GatewayOptions.Studio}: must have one address, but has {studios.Length}"] : Array.Empty<string>(),
            .. Range(nameof(options.ActivityTimeout), options.ActivityTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            .. Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            .. Range(nameof(options.HealthInterval), options.HealthInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            .. Range(nameof(options.HealthTimeout), options.HealthTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            .. options.FailuresToEject is < 1 or > 1000 ? [$"Gateway:FailuresToEject: must be from 1 to 1000, but is {options.FailuresToEject}"] : Array.Empty<string>(),
            .. Range(nameof(options.EjectionTime), options.EjectionTime, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            .. Range(nameof(options.MaxCallTime), options.MaxCallTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
            .. Range(nameof(options.DeadlineMargin), options.DeadlineMargin, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            .. options.Tls.Faults("Gateway:Tls"),
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
