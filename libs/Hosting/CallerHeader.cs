using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

/// <summary>
/// The caller's name, in a header that the gateway sets. Services trust it only if configured to
/// (<see cref="RewasOptions.TrustCallerHeader"/>).
/// </summary>
public static class CallerHeader
{
    public const string Name = "rewas-caller";

    /// <summary>The caller's name; empty if callers are not authenticated.</summary>
    public static string Caller(this ServerCallContext context) => context.RequestHeaders.GetValue(Name) ?? "";

    /// <summary>Removes the header from calls that must not carry it.</summary>
    internal static void UseCallerHeader(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<RewasOptions>>();
        app.Use((context, next) =>
        {
            if (!trusted.Value.TrustCallerHeader)
                context.Request.Headers.Remove(Name);
            return next(context);
        });
    }
}
