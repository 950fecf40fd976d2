using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Settings;

namespace Rewas.Gateway.Web.Sessions;

/// <summary>
/// The session of a page: a key in a cookie that no script reads, because media elements cannot send headers. A request with the cookie is
/// one with the key, if it comes from a page of this server.
/// </summary>
sealed class SessionCookies(SessionSeal seal, OriginGuard origins, IOptions<WebOptions> options)
{
    const string Name = "rewas-session", Bearer = "Bearer ";

    /// <summary>Browsers keep cookies of 4096 bytes with name and attributes.</summary>
    const int MostCharacters = 3800;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (headers.Authorization.Count == 0 && context.Request.Cookies[Name] is { } cookie && seal.Open(Name, cookie) is { } secret)
        {
            origins.ThrowIfForeign(context.Request);
            headers.Authorization = Bearer + secret;
        }
        return next(context);
    }

    /// <summary>Begins a session with the key or token of this request, which was checked.</summary>
    /// <exception cref="InputFault">The token is too long for a cookie.</exception>
    public void Begin(HttpContext context)
    {
        var given = context.Request.Headers.Authorization.ToString();
        if (!given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return;                                                          // callers are not checked
        var value = seal.Seal(Name, given[Bearer.Length..].Trim(), options.Value.SessionLifetime);
        if (value.Length > MostCharacters)
            throw InputFault.Invalid("authorization", $"must have at most {MostCharacters} characters when sealed, but has {value.Length}");
        var cookie = Cookie(context);
        cookie.MaxAge = options.Value.SessionLifetime;
        context.Response.Cookies.Append(Name, value, cookie);
    }

    public static void End(HttpContext context) => context.Response.Cookies.Delete(Name, Cookie(context));

    static CookieOptions Cookie(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
    };
}
