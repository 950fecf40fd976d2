using System.Net;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Settings;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Sessions;

/// <summary>
/// Keeps pages of other sites from using the browser of somebody who can reach a web API that checks no callers. Such a page is known by
/// the origin that the browser states, or by a host name that leads here (DNS rebinding). Where callers are checked, a page has
/// no key, but its browser may have the cookie of a session.
/// </summary>
sealed class OriginGuard(IOptions<CallersOptions> callers, IOptions<WebOptions> options)
{
    const string FetchSite = "Sec-Fetch-Site";

    /// <exception cref="RpcException">PERMISSION_DENIED: the request comes from another site's page.</exception>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (callers.Value.AreAuthenticated)
            return next(context);
        var (request, host) = (context.Request, context.Request.Host);
        if (host.HasValue && !IsOurs(host.Host))
            throw Refused($"host: must be localhost, an IP address or one of Web:Hosts, but is '{Shortened(host.Host)}'");
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{host.Value}")
            throw Refused($"origin: must be that of this server, but is '{Shortened(origin)}'");
        ThrowIfOtherSite(request);
        return next(context);
    }

    /// <summary>
    /// Checks a request that a cookie signs. The scheme may differ, because a proxy may end TLS. A browser states the origin of every
    /// request that changes something, so one without is refused.
    /// </summary>
    /// <exception cref="RpcException">PERMISSION_DENIED: the request comes from another site's page, or nobody says where from.</exception>
    public void ThrowIfForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var site)
            && site.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
            throw Refused($"origin: must be that of this server, but is '{Shortened(origin)}'");
        ThrowIfOtherSite(request);
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (changes && origin.Length == 0 && request.Headers[FetchSite].Count == 0)
            throw Refused("origin: must be given with a session's cookie");
    }

    static void ThrowIfOtherSite(HttpRequest request)
    {
        if (request.Headers[FetchSite].ToString() is "cross-site" or "same-site" && !IsNavigation(request))
            throw Refused("origin: must be that of this server, but the browser says that another site asks");
    }

    bool IsOurs(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out _)
        || options.Value.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>A link to a page. It changes nothing, and the other site cannot read the answer.</summary>
    static bool IsNavigation(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";

    static RpcException Refused(string why) => new(new(StatusCode.PermissionDenied, why));

    static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
