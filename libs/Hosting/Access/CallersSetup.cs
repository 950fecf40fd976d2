using System.Net.Sockets;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Rewas.Hosting.Access;

/// <summary>Adds authentication and limits to hosts that are reached from outside.</summary>
public static class CallersSetup
{
    static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(5), ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Call after AddRewasDefaults.</summary>
    public static WebApplicationBuilder AddCallers(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<CallersOptions>, CallersOptionsValidator>();
        builder.Services.AddSettings<CallersOptions>(CallersOptions.Section).ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services
            .AddSingleton<CallersAreChecked>()
            .AddSingleton<KeyRing>().AddSingleton<CallerAuthentication>().AddSingleton<CallerLimiter>().AddSingleton<CallerGate>()
            .AddSingleton<WebGate>();
        builder.Services.TryAddSingleton<ICallerUsage, MemoryUsage>();
        builder.Services.AddSingleton<OpenCalls>().AddHostedService(services => services.GetRequiredService<OpenCalls>());
        var callers = builder.Configuration.Read<CallersOptions>(CallersOptions.Section);
        if (callers.AreAuthenticated)
            builder.Services.Configure<RewasOptions>(rewas => rewas.AuthenticateCallers());
        if (callers.Jwt.Authority.Length > 0)
        {
            // Only CallerAuthentication may use the scheme, by name and after it has looked for a key. So it must not become the default.
            AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
            builder.Services.AddAuthentication().AddJwtBearer(bearer => Configure(bearer, callers.Jwt));
        }
        return builder;
    }

    /// <summary>Call after MapRewasDefaults.</summary>
    /// <param name="ownSocket">Path of a Unix domain socket that only this process can reach. Its parts call each other there without
    /// authentication.</param>
    public static WebApplication UseCallers(this WebApplication app, string? ownSocket = null)
    {
        var gate = app.Services.GetRequiredService<CallerGate>;
        app.Use((context, next) => gate().InvokeAsync(context, next, ownSocket));
        app.Lifetime.ApplicationStarted.Register(() => WarnOfClearText(app));
        return app;
    }

    /// <summary>Listens on a Unix domain socket that <see cref="UseCallers"/> recognises as this process's own.</summary>
    public static void ListenOnOwnSocket(this KestrelServerOptions kestrel, string path, HttpProtocols protocols) =>
        new ListenAddress(new UnixDomainSocketEndPoint(path), Tls: false).ListenOn(kestrel, listen => listen.Protocols = protocols);

    static void Configure(JwtBearerOptions bearer, JwtOptions jwt)
    {
        bearer.Authority = jwt.Authority;
        bearer.Audience = jwt.Audience;
        bearer.RequireHttpsMetadata = jwt.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        bearer.MapInboundClaims = false;
        bearer.BackchannelTimeout = ProviderTimeout;
        bearer.TokenValidationParameters = new()
        {
            NameClaimType = jwt.NameClaim,
            RoleClaimType = jwt.RoleClaim,
            ClockSkew = ClockSkew,
            // Only signatures by key pairs. This excludes "none", and a public key that is used as a shared secret.
            ValidAlgorithms =
            [
                SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
                SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
                SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
            ],
        };
    }

    static void WarnOfClearText(WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<CallersOptions>>().Value.AreAuthenticated)
            return;
        var rewas = app.Services.GetRequiredService<IOptions<RewasOptions>>().Value;
        string[] withoutKeys = [.. ListenAddress.Split(rewas.Metrics), .. ListenAddress.Split(rewas.Probes)];
        foreach (var url in app.Urls.Where(url => !withoutKeys.Contains(url) && Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !uri.Host.StartsWith("unix", StringComparison.Ordinal)))
            app.Services.GetRequiredService<ILogger<CallerGate>>().ClearText(url);
    }
}
