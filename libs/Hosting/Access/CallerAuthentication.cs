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
        return new(entry.Caller, [.. entry.Methods, .. MethodsOf(entry.Roles)], entry.Limits ?? options.Limits);
    }

    async Task<Caller> ByTokenAsync(HttpContext context)
    {
        if (options.Jwt.Authority.Length == 0)
            throw Unauthenticated("the key is not known");
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded)
        {
            await ThrowIfProviderIsSilentAsync();
            log.TokenRefused(result.Failure?.GetType().Name ?? "no token");
            throw Unauthenticated(result.Failure is SecurityTokenExpiredException ? "the token has expired" : "the token is not valid");
        }
        var subject = result.Principal.FindFirstValue(options.Jwt.NameClaim) ?? "";
        if (subject.Length is 0 or > LongestSubject || subject.Any(c => c is <= ' ' or > '~'))
            throw Unauthenticated($"the token's claim '{options.Jwt.NameClaim}' must have 1 to {LongestSubject} printable characters");
        var roles = result.Principal.FindAll(options.Jwt.RoleClaim).Select(claim => claim.Value);
        return new(TokenCaller + subject, [.. options.Jwt.Methods, .. MethodsOf(roles)], options.Limits);
    }

    /// <summary>No token is valid without the provider's keys. That is not the caller's fault, so it is reported as UNAVAILABLE.</summary>
    async Task ThrowIfProviderIsSilentAsync()
    {
        try
        {
            await bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            log.ProviderFailed(options.Jwt.Authority, e.Message);
            throw new RpcException(new(StatusCode.Unavailable, "tokens cannot be checked now: their provider does not answer"));
        }
    }

    IEnumerable<string> MethodsOf(IEnumerable<string> roles) => roles.SelectMany(role => options.Roles.GetValueOrDefault(role) ?? []);

    static RpcException Unauthenticated(string why) => new(new(StatusCode.Unauthenticated, why));
}
