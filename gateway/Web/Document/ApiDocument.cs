using Microsoft.OpenApi;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Scalar.AspNetCore;

namespace Rewas.Gateway.Web.Document;

/// <summary>The OpenAPI document of the web API, and a page that shows it. The page works without a network.</summary>
static class ApiDocument
{
    const string Name = "v1", Route = "/openapi/{documentName}.json", Page = "/docs", Key = "key";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, document =>
    {
        document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        document.AddDocumentTransformer((api, _, _) =>
        {
            Describe(api);
            return Task.CompletedTask;
        });
        document.AddSchemaTransformer((schema, context, _) =>
        {
            OptionSchemas.AddTo(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
        document.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<OpenToEverybody>().Any())
                operation.Security = [];
            FileBodies.AddTo(operation);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi(Route).WithMetadata(new OpenToEverybody());
        routes.MapScalarApiReference(Page, page => page
            .WithTitle("Rewas.Platform web API")
            .WithOpenApiRoutePattern(Route)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()).WithMetadata(new OpenToEverybody());
    }

    static void Describe(OpenApiDocument api)
    {
        api.Info = new()
        {
            Title = "Rewas.Platform",
            Version = StageDescription.Version,
            Description = "Adds sound to silent video from a text prompt. The video decides when and how loud, the text decides what.",
            License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        api.Servers = [new() { Url = "/" }];
        api.Components ??= new();
        api.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key (`rewas keys create`) or a token of the server's identity provider, if the server checks callers.",
            },
        };
        // The empty requirement: a server that checks no callers needs no key.
        api.Security = [new() { [new OpenApiSecuritySchemeReference(Key, api)] = [] }, new()];
    }
}
