using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting;

/// <summary>
/// Who calls, as the gateway found out: a name in a header that services believe only where they are told to
/// (<see cref="RewasOptions.TrustCallerHeader"/>).
/// </summary>
public static class CallerHeader
{
    public const string Name = "rewas-caller";

    /// <summary>The caller's name; empty where callers are not told apart.</summary>
    public static string Caller(this ServerCallContext context) => context.RequestHeaders.GetValue(Name) ?? "";

    /// <summary>Takes the header from calls that may not bear it.</summary>
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
