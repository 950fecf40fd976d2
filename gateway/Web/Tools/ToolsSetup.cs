using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Rewas.Hosting;

namespace Rewas.Gateway.Web.Tools;

/// <summary>The tools over HTTP, at /mcp of the web API.</summary>
static class ToolsSetup
{
    /// <summary>Most bytes of a message. It is read whole before anything is known of it.</summary>
    const int MostBytes = 1 << 20;

    const string Route = "/mcp", Json = "application/json", Utf8 = "utf-8", Instructions = """
        Adds sound to film. The picture decides when and how loud, the prompt decides what.
        Order of work: preflight; create_upload and send the film; inspect_video; check_prompt; add_sound with the same prompt; get_job
        until it has succeeded; export_sound. Changes: edit_sound. Media are links, never text. If the server checks callers, links need the
        same Authorization header as this connection.
        """;

    public static void AddTools(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<CheckedPrompts>();
        services.AddScoped<IToolHost, WebToolHost>();
        // No session is kept, so any gateway answers, and a restart loses nothing.
        services.AddMcpServer(Describe).WithHttpTransport(http => http.Stateless = true).WithTools();
    }

    /// <summary>What the server offers, over any transport.</summary>
    public static IMcpServerBuilder WithTools(this IMcpServerBuilder server) => server
        .WithTools<SoundTools>().WithResources([typeof(OptionsResource)]).WithPrompts([typeof(SoundPrompts)]);

    public static void MapTools(this IEndpointRouteBuilder routes) =>
        routes.MapMcp(Route).WithMetadata(new RequestSizeLimitAttribute(MostBytes)).AddEndpointFilter(OnlyJsonAsync);

    /// <summary>Refuses a body without a type or in another encoding. Routing refuses other types.</summary>
    static ValueTask<object?> OnlyJsonAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        MediaTypeHeaderValue.TryParse(context.HttpContext.Request.ContentType, out var type) && type.MatchesMediaType(Json)
            && (!type.Charset.HasValue || type.Charset.Equals(Utf8, StringComparison.OrdinalIgnoreCase))
            ? next(context)
            : throw new BadHttpRequestException(
                $"Content-Type: must be {Json}, in {Utf8}", StatusCodes.Status415UnsupportedMediaType);

    public static void Describe(ModelContextProtocol.Server.McpServerOptions server)
    {
        server.ServerInfo = new() { Name = "rewas", Title = "Rewas.Platform", Version = StageDescription.Version };
        server.ServerInstructions = Instructions;
    }
}
