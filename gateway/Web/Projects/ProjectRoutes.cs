using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Settings;
using Rewas.Hosting.Access;
using Rewas.V1;

namespace Rewas.Gateway.Web.Projects;

/// <summary>Projects: what a page or an editor works on, kept on the server.</summary>
static class ProjectRoutes
{
    const string Json = "application/json", Files = "files", Sounds = "sounds";

    /// <summary>Most ids that a field may list, before repeated ones are left out.</summary>
    const int MostIds = 10_000;

    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        var projects = routes.MapGroup("/v1/projects").WithTags("Projects");
        projects.MapGet("", ListAsync).WithName("listProjects")
            .WithSummary("Your projects, and those that others share with you")
            .Produces<ProjectList>()
            .Fails();
        projects.MapPost("", CreateAsync).WithName("createProject")
            .WithSummary("Keep the state of a page or an editor")
            .WithDescription(
                "The files and sounds that the document names are kept as long as the project, and each use renews all of them. The header "
                + "Idempotency-Key makes it safe to repeat the request.")
            .Accepts<ProjectRequest>(Json)
            .Produces<ProjectView>(StatusCodes.Status201Created)
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        projects.MapGet("/{id}", GetAsync).WithName("getProject")
            .WithSummary("A project")
            .Produces<ProjectView>()
            .Fails(StatusCodes.Status404NotFound);
        projects.MapPut("/{id}", SaveAsync).WithName("saveProject")
            .WithSummary("Replace a project")
            .WithDescription(
                "The header If-Match has the version that you have, as the ETag of the last answer: \"3\". 412: the project was saved "
                + "since, for example in another window; read it again. \"*\" replaces whatever there is.")
            .Accepts<ProjectRequest>(Json)
            .Produces<ProjectView>()
            .Fails(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status412PreconditionFailed,
                StatusCodes.Status428PreconditionRequired);
        projects.MapDelete("/{id}", DeleteAsync).WithName("deleteProject")
            .WithSummary("Delete a project, or leave one that is shared with you")
            .WithDescription("Its files and sounds are then kept as long as any others.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails();
        projects.MapPost("/{id}/shares", ShareAsync).WithName("shareProject")
            .WithSummary("Let another caller open a project")
            .WithDescription(
                "That caller can open it, read its files and hear its sounds, and changes nothing. 409: the server does not check callers, "
                + "so everybody can open it.")
            .Accepts<ShareRequest>(Json)
            .Produces<ProjectView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        projects.MapDelete("/{id}/shares/{caller}", UnshareAsync).WithName("unshareProject")
            .WithSummary("No longer let another caller open a project")
            .Produces(StatusCodes.Status204NoContent)
            .Fails();
    }

    static async Task<IResult> ListAsync(HttpContext context, CallerServices services)
    {
        var list = await services.Studio.ListProjectsAsync(new(), cancellationToken: context.RequestAborted);
        return TypedResults.Ok(new ProjectList([.. list.Projects.Select(project => View(context, project))]));
    }

    static async Task<IResult> CreateAsync(
        HttpContext context, CallerServices services, IOptions<WebOptions> options,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey)
    {
        var project = await services.Studio.CreateProjectAsync(
            new() { IdempotencyKey = IdempotencyKey.Of(idempotencyKey), Content = await ReadAsync(context, options.Value) },
            cancellationToken: context.RequestAborted);
        return TypedResults.Created($"/v1/projects/{project.ProjectId}", View(context, project));
    }

    static async Task<IResult> GetAsync(string id, HttpContext context, CallerServices services) => TypedResults.Ok(View(
        context, await services.Studio.GetProjectAsync(new() { ProjectId = id }, cancellationToken: context.RequestAborted), whole: true));

    static async Task<IResult> SaveAsync(
        string id, HttpContext context, CallerServices services, IOptions<WebOptions> options,
        [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        var request = new SaveProjectRequest { ProjectId = id };
        if (VersionOf(ifMatch) is { } version)
            request.Version = version;
        request.Content = await ReadAsync(context, options.Value);
        try
        {
            return TypedResults.Ok(View(
                context, await services.Studio.SaveProjectAsync(request, cancellationToken: context.RequestAborted)));
        }
        catch (RpcException stale) when (stale.StatusCode == StatusCode.Aborted)
        {
            const int status = StatusCodes.Status412PreconditionFailed;
            return TypedResults.Json(
                new Problem("Precondition Failed", status, stale.Status.Detail, "ABORTED") { Field = "version" },
                contentType: Problem.MediaType, statusCode: status);
        }
    }

    static async Task<IResult> DeleteAsync(string id, HttpContext context, CallerServices services)
    {
        await services.Studio.DeleteProjectAsync(new() { ProjectId = id }, cancellationToken: context.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<IResult> ShareAsync(string id, HttpContext context, CallerServices services, IOptions<WebOptions> options)
    {
        var share = await JsonBody.ReadAsync<ShareRequest>(context, options.Value.MaxJsonBytes);
        return TypedResults.Ok(View(context, await services.Studio.ShareProjectAsync(
            new() { ProjectId = id, Caller = share.Caller }, cancellationToken: context.RequestAborted)));
    }

    static async Task<IResult> UnshareAsync(string id, string caller, HttpContext context, CallerServices services)
    {
        await services.Studio.UnshareProjectAsync(new() { ProjectId = id, Caller = caller }, cancellationToken: context.RequestAborted);
        return TypedResults.NoContent();
    }

    static ProjectView View(HttpContext context, StudioProject project, bool whole = false)
    {
        if (project.Content.Document.Length > 0)
            context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{project.Version}\"");
        return ProjectView.Of(project, context.WebCaller().Name, whole);
    }

    /// <summary>The version that a caller has; null for any.</summary>
    /// <exception cref="BadHttpRequestException">It is absent.</exception>
    /// <exception cref="InputFault">It is no version.</exception>
    static long? VersionOf(string? ifMatch)
    {
        if (string.IsNullOrEmpty(ifMatch))
            throw new BadHttpRequestException(
                "If-Match: must be given: the version that you have, or * for any", StatusCodes.Status428PreconditionRequired);
        if (ifMatch == "*")
            return null;
        return ifMatch is ['"', .. var digits, '"']
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw InputFault.Invalid("If-Match", "must be a version in quotes, as the ETag of a project, or *");
    }

    static async Task<ProjectContent> ReadAsync(HttpContext context, WebOptions options)
    {
        var request = await JsonBody.ReadAsync<ProjectRequest>(context, options.MaxJsonBytes);
        if (request.Document.ValueKind != JsonValueKind.Object)
            throw InputFault.Invalid("document", "must be a JSON object");
        return new()
        {
            Name = request.Name,
            Document = request.Document.GetRawText(),
            VideoIds = { Ids(request.Document, Files) },
            RenderIds = { Ids(request.Document, Sounds) },
        };
    }

    /// <exception cref="InputFault">The field is no list of texts, or too long.</exception>
    static IEnumerable<string> Ids(JsonElement document, string field)
    {
        if (!document.TryGetProperty(field, out var list) || list.ValueKind == JsonValueKind.Null)
            return [];
        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > MostIds)
            throw InputFault.Exhausted($"document.{field}", $"at most {MostIds} ids are accepted, but there are {list.GetArrayLength()}");
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
            throw InputFault.Invalid($"document.{field}", "must be a list of texts: ids");
        return list.EnumerateArray().Select(id => id.GetString()!).Distinct();
    }
}
