using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rewas.Hosting;

/// <summary>
/// Serves health to the probes of an orchestrator on an address of its own. That address serves Check of grpc.health.v1.Health and nothing
/// else. It asks for no key and has no limits of callers, so no caller can use them up and have healthy processes restarted.
/// </summary>
static class ProbeEndpoint
{
    /// <summary>Path of the only method.</summary>
    const string Check = "/grpc.health.v1.Health/Check";

    public static void ListenForProbes(this KestrelServerOptions kestrel, string addresses) =>
        SideAddress<Mark>.ListenOn(kestrel, addresses, HttpProtocols.Http2);

    public static void UseProbeEndpoint(this WebApplication app) => app.Use((context, next) =>
    {
        if (!Received(context) || context.Request.Path == Check)
            return next(context);
        GrpcAnswer.Write(context.Response, new(StatusCode.Unimplemented, "this address answers probes of health alone"));
        return Task.CompletedTask;
    });

    /// <summary>Whether a request is a probe.</summary>
    public static bool Received(HttpContext context) => SideAddress<Mark>.Received(context);

    sealed class Mark;
}
