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

    static readonly AsyncLocal<string?> acting = new();

    /// <summary>
    /// The caller that the running work is done for; empty if it is nobody's. Services name it in their own calls, so that its quotas count
    /// the work, and its videos are found. It flows with the call into the tasks that the call starts.
    /// </summary>
    public static string Acting => acting.Value ?? "";

    /// <summary>The caller's name; empty if callers are not authenticated.</summary>
    public static string Caller(this ServerCallContext context) => context.RequestHeaders.GetValue(Name) ?? "";

    /// <summary>Says who the work is done for, to the end of the running asynchronous method and in all that it calls.</summary>
    public static void ActFor(string caller) => acting.Value = caller;

    /// <summary>
    /// Removes the header from calls that must not carry it. A host that checks callers itself (<see cref="CallersAreChecked"/>) leaves
    /// that to its gate.
    /// </summary>
    internal static void UseCallerHeader(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<RewasOptions>>();
        var hasGate = app.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(CallersAreChecked));
        app.Use(async (context, next) =>
        {
            if (!hasGate && !trusted.Value.TrustCallerHeader)
                context.Request.Headers.Remove(Name);
            ActFor(context.Request.Headers[Name].ToString());
            await next(context);
        });
    }
}

/// <summary>Registered by a host that checks callers itself, before it passes a call on.</summary>
sealed class CallersAreChecked;
