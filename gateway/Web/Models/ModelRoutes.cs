using System.ComponentModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.V1;

namespace Rewas.Gateway.Web.Models;

/// <summary>The model that makes the sounds, and whether the server serves.</summary>
static class ModelRoutes
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", ListAsync).WithName("listModels").WithTags("Server")
            .WithSummary("The model that makes the sounds")
            .Produces<ModelList>()
            .Fails();
        routes.MapGet("/v1/health", HealthAsync).WithName("getHealth").WithTags("Server")
            .WithMetadata(new OpenToEverybody())
            .WithSummary("Whether the server serves")
            .WithDescription("Needs no key. 503 while the server is being stopped.")
            .Produces<HealthView>()
            .Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
    }

    static async Task<IResult> ListAsync(HttpContext context, CallerServices services) => TypedResults.Ok(new ModelList(
        [ModelView.Of(await services.Diffusion.DescribeAsync(new(), cancellationToken: context.RequestAborted))]));

    static async Task<IResult> HealthAsync(HealthCheckService health, HttpContext context)
    {
        var report = await health.CheckHealthAsync(context.RequestAborted);
        var serves = report.Status != HealthStatus.Unhealthy;
        return TypedResults.Json(
            new HealthView { Status = serves ? "ok" : "stopping", Version = StageDescription.Version },
            statusCode: serves ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

sealed record HealthView
{
    [Description("ok, or stopping.")]
    public required string Status { get; init; }

    [Description("Version of the platform.")]
    public required string Version { get; init; }

    [Description("Versions of the contract of Pallaidium's backends that the server speaks.")]
    public IReadOnlyList<string> ContractVersions { get; init; } = ["v0.1"];
}

sealed record ModelList(IReadOnlyList<ModelView> Data)
{
    [Description("Always \"list\".")]
    public string Object { get; init; } = "list";
}

sealed record ModelView
{
    [Description("Name of the model bundle.")]
    public required string Id { get; init; }

    [Description("Always \"model\".")]
    public string Object { get; init; } = "model";

    [Description("What it makes, for clients that list models of several kinds.")]
    public string Type { get; init; } = "video";

    [Description("What it takes: control is a film.")]
    public IReadOnlyList<string> Modes { get; init; } = ["control"];

    public string DisplayName => $"{Id} (sound for film)";

    [Description("SHA-256 of its bundle.json. Equal hashes mean equal weights.")]
    public required string Sha256 { get; init; }

    [Description("Licence of the weights.")]
    public required string Licence { get; init; }

    [Description("What runs the networks: cpu, cuda, or cpu int8.")]
    public required string Accelerator { get; init; }

    [Description("Limits of sampling, by the names that messages use.")]
    public required IReadOnlyList<LimitView> Limits { get; init; }

    public static ModelView Of(DescribeResponse stage) => new()
    {
        Id = stage.Bundle,
        Sha256 = stage.BundleSha256,
        Licence = stage.WeightsLicence,
        Accelerator = stage.Accelerator,
        Limits = [.. stage.Limits.Select(limit => new LimitView(limit.Name, limit.Value, limit.Unit))],
    };
}

sealed record LimitView(string Name, double Value, string Unit);
