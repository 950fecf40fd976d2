using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Aliases;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Chat;
using Rewas.Gateway.Web.Checks;
using Rewas.Gateway.Web.Document;
using Rewas.Gateway.Web.Files;
using Rewas.Gateway.Web.Library;
using Rewas.Gateway.Web.Models;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Projects;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Sessions;
using Rewas.Gateway.Web.Sessions.Provider;
using Rewas.Gateway.Web.Settings;
using Rewas.Gateway.Web.Sounds;
using Rewas.Gateway.Web.Studio;
using Rewas.Gateway.Web.Tools;
using Rewas.Gateway.Web.Webhooks;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.Hosting.Outgoing;
using Rewas.Protocol.Sounds;

namespace Rewas.Gateway.Web;

/// <summary>
/// The web API: the services of this host, or those behind this gateway, over HTTP. It has addresses of its own and calls the services over
/// gRPC in its caller's name.
/// </summary>
public static class WebSetup
{
    /// <summary>Adds the web API if Web:Listen names an address. Call after AddCallers.</summary>
    /// <param name="services">Gives the host's own socket, at which the services answer without a key.</param>
    public static WebApplicationBuilder AddWebApi(this WebApplicationBuilder builder, Func<Uri> services)
    {
        builder.Services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>();
        builder.Services.AddSettings<WebOptions>(WebOptions.Section).ValidateOnStart();
        if (!builder.Configuration.HasWebApi())
            return builder;
        builder.ListenForWeb(builder.Configuration.Read<WebOptions>(WebOptions.Section).Listen);
        var address = services();
        builder.Services.AddSingleton(_ => new ServiceConnection(address));
        builder.Services.AddOutgoingConnections().AddSingleton<FileFetch>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ProblemAnswers>().AddSingleton<OriginGuard>();
        builder.Services.AddSingleton<SessionSeal>().AddSingleton<SessionCookies>().AddSingleton<SignInProvider>();
        builder.Services.ConfigureHttpJsonOptions(json => SoundJson.Configure(json.SerializerOptions));
        builder.Services.AddApiDocument();
        builder.Services.AddTools();
        builder.Services.AddSingleton<ChatSessions>().AddSingleton<JsonBytes>();
        return builder;
    }

    /// <summary>Whether the host has a web API.</summary>
    public static bool HasWebApi(this IConfiguration configuration) =>
        configuration[$"{WebOptions.Section}:{nameof(WebOptions.Listen)}"] is { Length: > 0 };

    /// <summary>Maps the web API if the host has one. Call after MapRewasDefaults and before UseCallers.</summary>
    public static WebApplication MapWebApi(this WebApplication app)
    {
        if (!app.Configuration.HasWebApi())
            return app;
        app.MapWhen(context => context.IsWeb(), web =>
        {
            // The host has matched the path with its gRPC services, which these addresses do not serve.
            web.Use((context, next) =>
            {
                context.SetEndpoint(null);
                return next(context);
            });
            web.Use(next => context => context.RequestServices.GetRequiredService<ProblemAnswers>().InvokeAsync(context, next));
            web.Use(next => context => context.RequestServices.GetRequiredService<OriginGuard>().InvokeAsync(context, next));
            web.Use(next => context => context.RequestServices.GetRequiredService<SessionCookies>().InvokeAsync(context, next));
            web.UseRouting();
            web.UseWebCallers();
            web.UseEndpoints(routes =>
            {
                routes.MapFiles();
                routes.MapSounds();
                routes.MapProjects();
                routes.MapSessions();
                routes.MapProviderSignIn();
                routes.MapWebhooks();
                routes.MapChecks();
                routes.MapLibrary();
                routes.MapModels();
                routes.MapVideos();
                routes.MapChat();
                routes.MapApiDocument();
                routes.MapTools();
                routes.MapStudioPage();
            });
        });
        return app;
    }
}
