using Microsoft.Extensions.Options;

namespace Rewas.Callers;

/// <summary>Who may call, what, and how much. Section "Callers" of a host that callers reach from outside: the gateway, or `rewas serve`.</summary>
public sealed record CallersOptions
{
    public const string Section = "Callers";

    /// <summary>File of API keys, as `rewas keys` writes it; read anew when it changes. Empty, the default: no keys.</summary>
    public string KeysFile { get; set; } = "";

    /// <summary>Tokens of an OpenID Connect provider.</summary>
    public JwtOptions Jwt { get; set; } = new();

    /// <summary>Methods of each role that keys and tokens name; see <see cref="MethodPatterns"/>.</summary>
    public Dictionary<string, string[]> Roles { get; set; } = new(StringComparer.Ordinal);

    /// <summary>For callers whose key says nothing else. Where callers are not told apart, limits of one caller mean nothing and are not kept.</summary>
    public CallerLimits Limits { get; set; } = new();

    /// <summary>A message, once it has begun, must have come within this time, and so must a call's first. Default 30 s, 1 s to 1 h.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether callers are told apart.</summary>
    public bool AreAuthenticated => KeysFile.Length > 0 || Jwt.Authority.Length > 0;
}

/// <summary>Section "Callers:Jwt".</summary>
public sealed record JwtOptions
{
    /// <summary>Address of the provider, https://; its discovery document is at /.well-known/openid-configuration. Empty, the default: no tokens.</summary>
    public string Authority { get; set; } = "";

    /// <summary>What a token must be meant for (claim "aud").</summary>
    public string Audience { get; set; } = "";

    /// <summary>Claim with the caller's name. Default "sub".</summary>
    public string NameClaim { get; set; } = "sub";

    /// <summary>Claim with the caller's roles. Default "roles".</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Methods that every caller with a valid token may call. Default none: roles decide.</summary>
    public string[] Methods { get; set; } = [];
}

/// <summary>Every fault of <see cref="CallersOptions"/>, reported when the host starts.</summary>
sealed class CallersOptionsValidator : IValidateOptions<CallersOptions>
{
    public ValidateOptionsResult Validate(string? name, CallersOptions options)
    {
        List<string> faults =
        [
            .. options.KeysFile.Length > 0 && KeysFile.Faults(options.KeysFile) is { } fault ? [$"Callers:KeysFile: {fault}"] : Array.Empty<string>(),
            .. JwtFaults(options),
            .. options.Roles.SelectMany(role => MethodPatterns.Faults($"Callers:Roles:{role.Key}", role.Value)),
            .. options.Limits.Faults("Callers:Limits"),
            .. options.MessageTimeout < TimeSpan.FromSeconds(1) || options.MessageTimeout > TimeSpan.FromHours(1)
                ? [$"Callers:MessageTimeout: must be from 00:00:01 to 01:00:00, but is {options.MessageTimeout}"] : Array.Empty<string>(),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    static IEnumerable<string> JwtFaults(CallersOptions options)
    {
        var jwt = options.Jwt;
        if (jwt.Authority.Length == 0)
            yield break;
        // A provider on this machine is for tests; over a network, whoever answers in its place would make the tokens.
        if (!Uri.TryCreate(jwt.Authority, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            yield return $"Callers:Jwt:Authority: must be https://HOST, but is '{jwt.Authority}'";
        if (jwt.Audience.Length == 0)
            yield return "Callers:Jwt:Audience: must be given, or a token for another service would do";
        if (jwt.Methods.Length == 0 && options.Roles.Count == 0)
            yield return "Callers:Jwt: Methods or Callers:Roles must be given, or nobody with a token could call anything";
        foreach (var fault in MethodPatterns.Faults("Callers:Jwt:Methods", jwt.Methods))
            yield return fault;
    }
}
