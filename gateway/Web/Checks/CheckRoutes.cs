using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Settings;

namespace Rewas.Gateway.Web.Checks;

/// <summary>What is seen in a file, and whether a prompt goes with it.</summary>
static class CheckRoutes
{
    const int UsualPictures = 10;

    public static void MapChecks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/files/{id}/analysis", AnalyseAsync).WithName("analyseFile").WithTags("Files")
            .WithSummary("Look at a file: energy, onsets, cuts, caption")
            .WithDescription("The first look takes a while. The result is kept with the file, and no sound looks at the picture again.")
            .Produces<AnalysisView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/v1/files/{id}/filmstrip", FilmstripAsync).WithName("getFilmstrip").WithTags("Files")
            .WithSummary("Pictures of a file, side by side")
            .WithDescription("A PNG of 1 to 50 pictures (default 10), each 120 x 90 pixels, evenly spaced over the file.")
            .Produces<byte[]>(StatusCodes.Status200OK, "image/png")
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapPost("/v1/checks", CheckAsync).WithName("checkPrompt").WithTags("Checks")
            .WithSummary("Compare a prompt with the picture of a file")
            .Accepts<CheckRequest>("application/json")
            .Produces<CheckView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    static async Task<IResult> AnalyseAsync(string id, HttpContext context, CallerServices services) =>
        TypedResults.Ok(AnalysisView.Of(
            id, await services.Studio.AnalyseAsync(new() { VideoId = id }, cancellationToken: context.RequestAborted)));

    static async Task<IResult> FilmstripAsync(string id, HttpContext context, CallerServices services, [FromQuery] int? pictures)
    {
        if (pictures < 1)
            throw InputFault.Invalid("pictures", $"must be from 1 to 50, but is {pictures}");
        var seen = await services.Studio.AnalyseAsync(
            new() { VideoId = id, Pictures = pictures ?? UsualPictures }, cancellationToken: context.RequestAborted);
        return TypedResults.Bytes(seen.Filmstrip.Memory, "image/png");
    }

    static async Task<IResult> CheckAsync(HttpContext context, CallerServices services, IOptions<WebOptions> options)
    {
        var request = await JsonBody.ReadAsync<CheckRequest>(context, options.Value.MaxJsonBytes);
        return TypedResults.Ok(CheckView.Of(await services.Studio.CheckPromptAsync(
            new() { VideoId = request.File, Prompt = request.Prompt }, cancellationToken: context.RequestAborted)));
    }
}
