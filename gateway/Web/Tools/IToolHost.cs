using Rewas.Gateway.Web.Calls;

namespace Rewas.Gateway.Web.Tools;

/// <summary>What a call of a tool needs: the services in its caller's name, and the address that its links lead to.</summary>
interface IToolHost
{
    CallerServices Services { get; }

    /// <summary>The caller's name; empty if callers are not checked.</summary>
    string Caller { get; }

    /// <summary>Address of the web API.</summary>
    Uri Address { get; }
}

/// <summary>The tools at /mcp of the web API.</summary>
sealed class WebToolHost(IHttpContextAccessor accessor) : IToolHost
{
    HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("a tool is called outside a request");

    public CallerServices Services => CallerServices.Of(Context);

    public string Caller => Rewas.Hosting.Access.WebGateSetup.WebCaller(Context).Name;

    public Uri Address => new($"{Context.Request.Scheme}://{Context.Request.Host}");
}
