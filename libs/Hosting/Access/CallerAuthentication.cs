using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Rewas.Hosting.Access;

/// <summary>Identifies the caller by the key or token in "authorization: Bearer ...".</summary>
sealed class CallerAuthentication(
    IOptions<CallersOptions> configured, KeyRing keys, IOptionsMonitor<JwtBearerOptions> bearer, ILogger<CallerAuthentication> log)
{
    const string Bearer = "Bearer ";
    const int LongestSubject = 200;

    /// <summary>Prefix of the name of a token's caller. No key can have a caller of that name.</summary>
    const string TokenCaller = "oidc:";

    /// <summary>How a part of this process is called, as the service that acts for a caller.</summary>
    const string OwnPart = "this process";

    readonly CallersOptions options = configured.Value;

    /// <exception cref="RpcException">UNAUTHENTICATED: the caller is unknown. UNAVAILABLE: the token cannot be checked now.</exception>
    public async Task<Caller> AuthenticateAsync(HttpContext context)
    {
        if (!options.AreAuthenticated)
            return Caller.Anybody;
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            throw Unauthenticated("a key or token must be given in 'authorization: Bearer ...'");
        return ApiKey.TryParse(header[Bearer.Length..].Trim()) is { } key ? ByKey(key) : await ByTokenAsync(context);
    }

    Caller ByKey(ApiKey key)
    {
        var (entry, refusal) = keys.Find(key);
        if (entry is null)
            throw Unauthenticated(refusal);
        return new(entry.Caller, MethodsOf(entry), entry.Limits ?? options.Limits)
        {
            ActsForCallers = entry.ActsForCallers,
            Lapsed = method => keys.Find(key) switch
            {
                (null, var why) => why,
                ({ } now, _) when !MethodPatterns.Allow(MethodsOf(now), method) => $"the key no longer opens {method}",
                _ => null,
            },
        };
    }

    /// <summary>
    /// The caller that a service works for, with the rights of the service and the limits of the caller. The service itself, if it names
    /// nobody or may name nobody.
    /// </summary>
    /// <param name="named">The name that the service gave.</param>
    /// <exception cref="RpcException">UNAUTHENTICATED: there is no such caller, or not any more.</exception>
    public Caller ActingFor(Caller service, string named)
    {
        if (!service.ActsForCallers || named.Length == 0)
            return service;
        if (LapsedName(named) is { } refusal)
            throw Unauthenticated(refusal);
        return service with
        {
            Name = named,
            ActsForCallers = false,
            Through = service.Name,
            Limits = keys.NewestOf(named)?.Limits ?? options.Limits,
            Lapsed = method => service.Lapsed(method) ?? LapsedName(named),
        };
    }

    /// <summary>The caller that a part of this process works for.</summary>
    public Caller ActingFor(string named) =>
        ActingFor(new(OwnPart, ["*"], null) { ActsForCallers = options.AreAuthenticated }, named);

    /// <summary>Why there is no caller of this name; null if there is one. Whether a token is still valid is not known here.</summary>
    string? LapsedName(string named)
    {
        var isToken = options.Jwt.Authority.Length > 0 && named.StartsWith(TokenCaller, StringComparison.Ordinal)
            && named.Length <= TokenCaller.Length + LongestSubject && named.All(c => c is > ' ' and <= '~');
        return isToken || keys.NewestOf(named) is not null ? null : "the caller that the service works for has no valid key";
    }

    async Task<Caller> ByTokenAsync(HttpContext context)
    {
        if (options.Jwt.Authority.Length == 0)
            throw Unauthenticated("the key is not known");
        await ThrowIfProviderIsSilentAsync(context.RequestAborted);
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded)
        {
            log.TokenRefused(result.Failure?.GetType().Name ?? "no token");
            throw Unauthenticated(result.Failure is SecurityTokenExpiredException ? "the token has expired" : "the token is not valid");
        }
        var subject = result.Principal.FindFirstValue(options.Jwt.NameClaim) ?? "";
        if (subject.Length is 0 or > LongestSubject || subject.Any(c => c is <= ' ' or > '~'))
            throw Unauthenticated($"the token's claim '{options.Jwt.NameClaim}' must have 1 to {LongestSubject} printable characters");
        var roles = result.Principal.FindAll(options.Jwt.RoleClaim).Select(claim => claim.Value);
        return new(TokenCaller + subject, [.. options.Jwt.Methods, .. MethodsOf(roles)], options.Limits);
    }

    /// <summary>
    /// Reads the provider's keys, or knows them already. No token is valid without them. That is not the caller's fault, so it is reported
    /// as UNAVAILABLE. Asked before the token is checked: a provider that answers again just after the check would hide the reason.
    /// </summary>
    async Task ThrowIfProviderIsSilentAsync(CancellationToken cancellation)
    {
        try
        {
            await bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(cancellation);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            log.ProviderFailed(options.Jwt.Authority, e.Message);
            throw new RpcException(new(StatusCode.Unavailable, "tokens cannot be checked now: their provider does not answer"));
        }
    }

    string[] MethodsOf(KeyEntry entry) => [.. entry.Methods, .. MethodsOf(entry.Roles)];

    IEnumerable<string> MethodsOf(IEnumerable<string> roles) => roles.SelectMany(role => options.Roles.GetValueOrDefault(role) ?? []);

    static RpcException Unauthenticated(string why) => new(new(StatusCode.Unauthenticated, why));
}
