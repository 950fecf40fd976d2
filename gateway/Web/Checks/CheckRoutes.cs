using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Settings;
using Rewas.Gateway.Web.Sounds;
using Rewas.Sound.Curves;
using Rewas.Sound.Placement;

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
        routes.MapPost("/v1/files/{id}/curve", EditAsync).WithName("editCurve").WithTags("Files")
            .WithSummary("Try edits on the energy of a file")
            .WithDescription("Starts nothing and keeps nothing. A sound with the same curve and edits follows the curve of the answer.")
            .Accepts<CurveRequest>("application/json")
            .Produces<CurveView>()
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

    static async Task<IResult> EditAsync(string id, HttpContext context, CallerServices services, IOptions<WebOptions> options)
    {
        var (given, edits) = await ReadAsync(context, options.Value);
        var curve = given?.ToMessage();
        // A curve needs no look at the picture, but it is for a file that is there.
        if (curve is null)
            curve = (await services.Studio.AnalyseAsync(new() { VideoId = id }, cancellationToken: context.RequestAborted)).Curve;
        else
            await services.Studio.GetVideoAsync(new() { VideoId = id }, cancellationToken: context.RequestAborted);
        var edited = (await services.Studio.EditCurveAsync(
            new() { Curve = curve, Edits = { edits.Select(edit => edit.ToMessage()) } },
            cancellationToken: context.RequestAborted)).ToCurve();
        return TypedResults.Ok(new CurveView { Curve = edited.Values.ToArray(), Onsets = CurveAttacks.In(edited) });
    }

    static async Task<(EnergyCurve? Curve, IReadOnlyList<CurveEdit> Edits)> ReadAsync(HttpContext context, WebOptions options)
    {
        using var json = await JsonBody.ReadAsync(context, options.MaxJsonBytes);
        return (SoundReader.CurveIn(json.RootElement), await SoundReader.EditsOf(json.RootElement));
    }

    static async Task<IResult> CheckAsync(HttpContext context, CallerServices services, IOptions<WebOptions> options)
    {
        var request = await JsonBody.ReadAsync<CheckRequest>(context, options.Value.MaxJsonBytes);
        return TypedResults.Ok(CheckView.Of(await services.Studio.CheckPromptAsync(
            new() { VideoId = request.File, Prompt = request.Prompt, Words = request.Words ?? "" },
            cancellationToken: context.RequestAborted)));
    }
}
