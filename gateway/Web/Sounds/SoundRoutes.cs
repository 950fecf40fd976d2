using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Settings;
using Rewas.Protocol.Sounds;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>Sounds: the renders of the studio.</summary>
static class SoundRoutes
{
    const string Json = "application/json", Events = "text/event-stream";

    public static void MapSounds(this IEndpointRouteBuilder routes)
    {
        var sounds = routes.MapGroup("/v1/sounds").WithTags("Sounds");
        sounds.MapPost("", StartAsync).WithName("createSound")
            .WithSummary("Make sound for a file, or without a picture")
            .WithDescription(
                "Answers at once with 202, or with 200 if the sound has ended within the seconds of the header \"Prefer: wait=N\". The "
                + "header Idempotency-Key makes it safe to repeat the request.")
            .Accepts<SoundRequest>(Json)
            .Produces<SoundView>()
            .Produces<SoundView>(StatusCodes.Status202Accepted)
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sounds.MapGet("/{id}", GetAsync).WithName("getSound")
            .WithSummary("The state of a sound")
            .Produces<SoundView>()
            .Fails(StatusCodes.Status404NotFound);
        sounds.MapGet("/{id}/events", WatchAsync).WithName("watchSound")
            .WithSummary("What happens to a sound, as it happens")
            .WithDescription(
                "Server-sent events: progress, sound (more of it can be heard), done, and ping in a silence. The last event is done. A "
                + "client that was cut off sends the id of its last event in the header Last-Event-ID, as browsers do.")
            .Produces<SoundProgress>(StatusCodes.Status200OK, Events)
            .Fails(StatusCodes.Status404NotFound);
        sounds.MapGet("/{id}/content", SoundContent.ReadAsync).WithName("getSoundContent")
            .WithSummary("The file of a sound, or a part of it")
            .WithDescription(
                "Without parameters, the best candidate as it was ordered. While the sound is made, the answer waits for its end. With "
                + "stem=live, the first candidate while it is made: WAV, mono, 16 kHz, 16 bits, before mix and finish; a part that is not "
                + "made yet is waited for.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .Produces<byte[]>(StatusCodes.Status206PartialContent, "application/octet-stream")
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
                StatusCodes.Status416RangeNotSatisfiable);
        sounds.MapMethods("/{id}/content", [HttpMethods.Head], SoundContent.ReadAsync).ExcludeFromDescription();
        sounds.MapGet("/{id}/sidecar", SoundFacts.SidecarAsync).WithName("getSoundSidecar")
            .WithSummary("How a sound was made")
            .WithDescription("The sidecar of its file, as the command line writes it: `rewas render` makes the same sound from it.")
            .Produces<JsonElement>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sounds.MapGet("/{id}/placement", SoundFacts.PlacementAsync).WithName("getSoundPlacement")
            .WithSummary("Where the pieces of recordings lie in a sound")
            .Produces<PlacementView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sounds.MapGet("/{id}/levels", SoundFacts.LevelsAsync).WithName("getSoundLevels")
            .WithSummary("Loudness and true peak of a sound")
            .WithDescription("Of a candidate as it would be exported, or of one of its stems: primary, environment.")
            .Produces<LevelsView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sounds.MapPost("/{id}/cancel", CancelAsync).WithName("cancelSound")
            .WithSummary("Stop making a sound")
            .Produces<SoundView>()
            .Fails(StatusCodes.Status404NotFound);
        sounds.MapDelete("/{id}", DeleteAsync).WithName("deleteSound")
            .WithSummary("Delete a sound, and stop making it")
            .Produces(StatusCodes.Status204NoContent)
            .Fails();
        sounds.MapPost("/{id}/edits", EditAsync).WithName("editSound")
            .WithSummary("Make a sound again with changes")
            .WithDescription(
                "Makes a new sound from the same analysis, with further edits of the energy and with options that replace those of the "
                + "order. Windows that do not change are not sampled again where the server keeps them.")
            .Accepts<SoundChanges>(Json)
            .Produces<SoundView>()
            .Produces<SoundView>(StatusCodes.Status202Accepted)
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapPost("/v1/estimate", EstimateAsync).WithName("estimateSound").WithTags("Sounds")
            .WithSummary("What a sound would take")
            .WithDescription("Takes the request of a sound and starts nothing. The header Idempotency-Key is not read.")
            .Accepts<SoundRequest>(Json)
            .Produces<EstimateView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    static async Task<IResult> StartAsync(
        HttpContext context, CallerServices services, IOptions<WebOptions> options,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, [FromHeader] string? prefer)
    {
        var wait = WaitPreference.Of(prefer, options.Value.LongestWait);
        var request = await ReadAsync(context, options.Value);
        return await BeginAsync(context, services, request, IdempotencyKey.Of(idempotencyKey), wait);
    }

    static async Task<IResult> EditAsync(
        string id, HttpContext context, CallerServices services, IOptions<WebOptions> options,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, [FromHeader] string? prefer)
    {
        var wait = WaitPreference.Of(prefer, options.Value.LongestWait);
        var request = await ReadChangesAsync(id, context, services, options.Value);
        return await BeginAsync(context, services, request, IdempotencyKey.Of(idempotencyKey), wait);
    }

    static async Task<IResult> GetAsync(string id, HttpContext context, CallerServices services) => TypedResults.Ok(SoundView.Of(
        await services.Studio.GetRenderAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted)));

    static async Task<IResult> WatchAsync(
        string id, HttpContext context, CallerServices services, IOptions<WebOptions> options,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId)
    {
        var from = SoundEvents.SamplesIn(lastEventId);
        // A sound that does not exist must be told before the stream begins.
        await services.Studio.GetRenderAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.ServerSentEvents(
            SoundEvents.OfAsync(services.Studio, id, from, options.Value.PingInterval, context.RequestAborted));
    }

    static async Task<IResult> CancelAsync(string id, HttpContext context, CallerServices services) => TypedResults.Ok(SoundView.Of(
        await services.Studio.CancelRenderAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted)));

    static async Task<IResult> DeleteAsync(string id, HttpContext context, CallerServices services)
    {
        await services.Studio.DeleteRenderAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<IResult> EstimateAsync(HttpContext context, CallerServices services, IOptions<WebOptions> options)
    {
        var request = await ReadAsync(context, options.Value);
        var file = await SoundStart.FileOfAsync(services.Studio, request, IdempotencyKey.Of(null), context.RequestAborted);
        return TypedResults.Ok(EstimateView.Of(await services.Studio.EstimateRenderAsync(
            request.ToStart("estimate", file), cancellationToken: context.RequestAborted)));
    }

    static async Task<ReadSoundRequest> ReadAsync(HttpContext context, WebOptions options)
    {
        using var json = await JsonBody.ReadAsync(context, options.MaxJsonBytes);
        return await SoundReader.ReadAsync(json.RootElement);
    }

    static async Task<ReadSoundRequest> ReadChangesAsync(string id, HttpContext context, CallerServices services, WebOptions options)
    {
        using var json = await JsonBody.ReadAsync(context, options.MaxJsonBytes);
        var before = await services.Studio.GetRenderAsync(new() { RenderId = id }, cancellationToken: context.RequestAborted);
        var order = await SoundStart.ChangedAsync(before.Request, json.RootElement);
        return new(order, before.VideoId, null) { Webhook = SoundReader.WebhookOf(json.RootElement) };
    }

    static async Task<IResult> BeginAsync(
        HttpContext context, CallerServices services, ReadSoundRequest request, string key, TimeSpan wait)
    {
        var cancellation = context.RequestAborted;
        var file = await SoundStart.FileOfAsync(services.Studio, request, key, cancellation);
        var render = await services.Studio.StartRenderAsync(request.ToStart(key, file), cancellationToken: cancellation);
        if (wait > TimeSpan.Zero)
        {
            context.Response.Headers["Preference-Applied"] = $"wait={wait.TotalSeconds.ToString(CultureInfo.InvariantCulture)}";
            await WaitPreference.EndOfAsync(services.Studio, render.RenderId, wait, cancellation);
        }
        var view = SoundView.Of(
            await services.Studio.GetRenderAsync(new() { RenderId = render.RenderId }, cancellationToken: cancellation));
        if (wait > TimeSpan.Zero && view.HasEnded)
            return TypedResults.Ok(view);
        return TypedResults.Accepted(view.Urls.Self, view);
    }
}
