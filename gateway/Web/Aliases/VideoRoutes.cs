using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Files;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Settings;
using Rewas.Gateway.Web.Sounds;
using Rewas.Protocol.Orders;

namespace Rewas.Gateway.Web.Aliases;

/// <summary>Other forms of the same routes, for clients that exist: those of OpenAI's videos and of Pallaidium's backends.</summary>
static class VideoRoutes
{
    public static void MapVideos(this IEndpointRouteBuilder routes)
    {
        var videos = routes.MapGroup("/v1/videos").WithTags("Aliases");
        videos.MapPost("", CreateAsync).WithName("createVideo")
            .WithSummary("Make sound for a film, in the form of OpenAI's videos")
            .WithDescription("The film is the form's file input_reference, or the id of a file in input_reference, video_file_id or "
                + "control_file_id. Fields that say nothing about sound are not read.")
            .Accepts<VideoOrder>("application/json", "multipart/form-data")
            .Produces<VideoView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        videos.MapGet("/{id}", GetAsync).WithName("getVideo")
            .WithSummary("The state of a sound, in the form of OpenAI's videos")
            .Produces<VideoView>()
            .Fails(StatusCodes.Status404NotFound);
        videos.MapGet("/{id}/content", ContentAsync).WithName("getVideoContent")
            .WithSummary("The film with its sound")
            .Produces<byte[]>(StatusCodes.Status200OK, "video/mp4")
            .Produces<byte[]>(StatusCodes.Status206PartialContent, "video/mp4")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status416RangeNotSatisfiable);
        routes.MapGet("/v1/jobs/{id}", JobAsync).WithName("getJob").WithTags("Aliases")
            .WithSummary("The state of a sound, in the form of Pallaidium's jobs")
            .Produces<JobView>()
            .Fails(StatusCodes.Status404NotFound);
    }

    static async Task<IResult> CreateAsync(
        HttpContext context, CallerServices services, IOptions<WebOptions> options,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey)
    {
        var key = IdempotencyKey.Of(idempotencyKey);
        var order = context.Request.HasFormContentType
            ? await FormAsync(context, services, key)
            : await JsonBody.ReadAsync<JsonObject>(context, options.Value.MaxJsonBytes);
        var request = await SoundReader.ReadAsync(VideoOrder.ToSoundRequest(order));
        var render = await services.Studio.StartRenderAsync(
            request.ToStart(key, request.File!), cancellationToken: context.RequestAborted);
        var made = await services.Studio.GetRenderAsync(new() { RenderId = render.RenderId }, cancellationToken: context.RequestAborted);
        return TypedResults.Ok(VideoView.OfNew(made));
    }

    /// <summary>The fields of a form, with the file that it carries by its id.</summary>
    static async Task<JsonObject> FormAsync(HttpContext context, CallerServices services, string key)
    {
        var fields = new Dictionary<string, string>();
        var file = await new FileUpload(services.Studio).ReceiveFormAsync(key, context.Request, fields, context.RequestAborted);
        var order = new JsonObject();
        foreach (var (name, text) in fields)
            order[name] = Value(name, text);
        if (file is not null)
            order["file"] = file.Id;
        return order;
    }

    /// <summary>A form has texts alone. Options know what they are.</summary>
    static JsonNode? Value(string name, string text)
    {
        var option = name == "num_inference_steps" ? OrderTable.Steps : OrderTable.Find(name);
        var isNumber = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        return option?.Kind switch
        {
            OptionKind.Whole or OptionKind.Number when isNumber => JsonValue.Create(number),
            OptionKind.Flag when bool.TryParse(text, out var flag) => JsonValue.Create(flag),
            _ => JsonValue.Create(text),
        };
    }

    static async Task<IResult> GetAsync(string id, HttpContext context, CallerServices services) => TypedResults.Ok(VideoView.Of(
        await services.Studio.GetRenderAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted)));

    static async Task<IResult> JobAsync(string id, HttpContext context, CallerServices services) => TypedResults.Ok(JobView.Of(
        await services.Studio.GetRenderAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted)));

    static Task ContentAsync(string id, HttpContext context, CallerServices services, IOptions<WebOptions> options) =>
        SoundContent.ReadAsync(id, context, services, options, candidate: null, stem: null, form: new());
}
