using System.Net;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Settings;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web;

/// <summary>
/// Keeps pages of other sites from using the browser of somebody who can reach a web API that checks no callers. Such a page is known by
/// the origin that the browser states, or by a host name that leads here (DNS rebinding). Where callers are checked, a page has no key.
/// </summary>
sealed class OriginGuard(IOptions<CallersOptions> callers, IOptions<WebOptions> options)
{
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
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && !IsNavigation(request))
            throw Refused("origin: must be that of this server, but the browser says that another site asks");
        return next(context);
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
