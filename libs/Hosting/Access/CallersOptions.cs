using Microsoft.Extensions.Options;

namespace Rewas.Hosting.Access;

/// <summary>
/// Authentication, rights and limits of callers. Section "Callers" of a host that is reached from outside: the gateway, or `rewas serve`.
/// </summary>
public sealed record CallersOptions
{
    public const string Section = "Callers";

    /// <summary>File of API keys, as `rewas keys` writes it. It is read again when it changes. Empty (default): no API keys.</summary>
    public string KeysFile { get; set; } = "";

    /// <summary>Tokens of an OpenID Connect provider.</summary>
    public JwtOptions Jwt { get; set; } = new();

    /// <summary>Methods of the roles that keys and tokens name; see <see cref="MethodPatterns"/>.</summary>
    public Dictionary<string, string[]> Roles { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Limits of callers whose key sets none. They do not apply if callers are not authenticated.</summary>
    public CallerLimits Limits { get; set; } = new();

    /// <summary>
    /// Time within which the first message must arrive, and any later message once it has begun. Default 30 s, range 1 s to 1 h.
    /// </summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether callers must authenticate.</summary>
    public bool AreAuthenticated => KeysFile.Length > 0 || Jwt.Authority.Length > 0;
}

/// <summary>Section "Callers:Jwt".</summary>
public sealed record JwtOptions
{
    /// <summary>
    /// Address of the provider, https://. Its discovery document is at /.well-known/openid-configuration. Empty (default): no tokens.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>Required audience of a token (claim "aud").</summary>
    public string Audience { get; set; } = "";

    /// <summary>
    /// Id of the web API at the provider. With it, browsers are led there to sign in (authorization code flow with PKCE). Empty (default):
    /// none.
    /// </summary>
    public string ClientId { get; set; } = "";

    /// <summary>Secret of the client, for providers that ask one of a web application. It stays at the host. Default none.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Scopes that a sign-in asks for, separated by spaces. Default "openid", which must be among them.</summary>
    public string Scope { get; set; } = "openid";

    /// <summary>Claim with the caller's name. Default "sub".</summary>
    public string NameClaim { get; set; } = "sub";

    /// <summary>Claim with the caller's roles. Default "roles".</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Methods that every caller with a valid token may call. Default none; then roles decide.</summary>
    public string[] Methods { get; set; } = [];
}

/// <summary>Checks <see cref="CallersOptions"/> when the host starts and reports all errors at once.</summary>
sealed class CallersOptionsValidator : IValidateOptions<CallersOptions>
{
    public ValidateOptionsResult Validate(string? name, CallersOptions options)
    {
        List<string> faults =
        [
            .. options.KeysFile.Length > 0 && KeysFile.Faults(options.KeysFile) is { } fault
                ? [$"Callers:KeysFile: {fault}"] : Array.Empty<string>(),
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
        // Plain http is allowed on the loopback address only, for tests. Over a network, an impostor of the provider could issue tokens.
        if (!Uri.TryCreate(jwt.Authority, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            yield return $"Callers:Jwt:Authority: must be https://HOST, but is '{jwt.Authority}'";
        if (jwt.Audience.Length == 0)
            yield return "Callers:Jwt:Audience: must be given, or a token for another service would do";
        if (jwt.Methods.Length == 0 && options.Roles.Count == 0)
            yield return "Callers:Jwt: Methods or Callers:Roles must be given, or nobody with a token could call anything";
        if (jwt.ClientId.Length > 0 && !jwt.Scope.Split(' ').Contains("openid"))
            yield return $"Callers:Jwt:Scope: must have openid, but is '{jwt.Scope}'";
        if (jwt.ClientSecret.Length > 0 && jwt.ClientId.Length == 0)
            yield return "Callers:Jwt:ClientSecret: needs a ClientId";
        foreach (var fault in MethodPatterns.Faults("Callers:Jwt:Methods", jwt.Methods))
            yield return fault;
    }
}
