using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Ranges;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Settings;
using Rewas.Gateway.Web.Sounds;

namespace Rewas.Gateway.Web.Files;

/// <summary>Files: the videos of the studio, under its quotas and leases.</summary>
static class FileRoutes
{
    const string Tag = "Files", Bytes = "application/octet-stream", Any = "*/*", Form = "multipart/form-data", Json = "application/json";

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/v1/files").WithTags(Tag);
        files.MapPost("", CreateAsync).WithName("createFile")
            .WithSummary("Send a file")
            .WithDescription(
                "The body is the file, or a form with a file in it, or a JSON announcement of a file whose bytes follow in parts, or that "
                + "the server fetches from a url, if it allows that. A file may have its SHA-256 in the header Repr-Digest. The header "
                + "Idempotency-Key makes it safe to repeat the request.")
            .Accepts<FileAnnouncement>(Json, Form, Any)
            .Produces<FileView>(StatusCodes.Status201Created)
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status411LengthRequired);
        files.MapPut("/{id}", ContinueAsync).WithName("continueFile")
            .WithSummary("Send a part of a file")
            .WithDescription(
                "The header Content-Range says which part: \"bytes 0-1048575/5000000\". Parts follow each other without gaps. Without a "
                + "body, \"bytes */*\" or \"bytes */5000000\" asks how many bytes have come. Each of these requests ends an older one that "
                + "still sends the file, and what that one has sent is kept.")
            .Accepts<byte[]>(Any)
            .Produces<FileView>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        files.MapGet("/{id}/status", StatusAsync).WithName("getFileStatus")
            .WithSummary("How much of a file has come")
            .Produces<FileView>()
            .Fails(StatusCodes.Status404NotFound);
        files.MapGet("/{id}", ReadAsync).WithName("getFile")
            .WithSummary("The bytes of a file, or a part of them")
            .Produces<byte[]>(StatusCodes.Status200OK, Bytes)
            .Produces<byte[]>(StatusCodes.Status206PartialContent, Bytes)
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status416RangeNotSatisfiable);
        files.MapMethods("/{id}", [HttpMethods.Head], ReadAsync).ExcludeFromDescription();
        files.MapDelete("/{id}", DeleteAsync).WithName("deleteFile")
            .WithSummary("Delete a file with all its sounds")
            .Produces(StatusCodes.Status204NoContent)
            .Fails();
    }

    static async Task<IResult> CreateAsync(
        HttpContext context, CallerServices services, IOptions<WebOptions> options, FileFetch fetch,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, [FromQuery] string? name)
    {
        var key = IdempotencyKey.Of(idempotencyKey);
        var upload = new FileUpload(services.Studio);
        var (request, cancellation) = (context.Request, context.RequestAborted);
        var view = MediaTypeOf(request) switch
        {
            Json => await AnnouncedAsync(await JsonBody.ReadAsync<FileAnnouncement>(context, options.Value.MaxJsonBytes)),
            Form => await upload.ReceiveFormAsync(key, request, cancellation),
            _ => await upload.ReceiveAsync(key, name ?? FileHeaders.NameOf(request), request),
        };
        return TypedResults.Created($"/v1/files/{view.Id}", view);

        async Task<FileView> AnnouncedAsync(FileAnnouncement file) => file.Url is null
            ? FileView.Of(await upload.AnnounceAsync(key, file, cancellation))
            : await fetch.FetchAsync(key, file, services, context);
    }

    static async Task<IResult> ContinueAsync(
        string id, HttpContext context, CallerServices services, [FromHeader(Name = "Content-Range")] string? contentRange)
    {
        var video = await services.Studio.GetVideoAsync(new() { VideoId = id });
        var upload = new FileUpload(services.Studio);
        video = FilePart.Of(contentRange, video.Bytes, context.Request.ContentLength) is { } part
            ? await upload.SendAsync(id, part.From, context.Request.Body, part.Count, ends: false)
            : await upload.SettleAsync(id);
        context.Response.Headers["Upload-Offset"] = video.Received.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(FileView.Of(video));
    }

    static async Task<IResult> StatusAsync(string id, HttpContext context, CallerServices services) =>
        TypedResults.Ok(FileView.Of(
            await services.Studio.GetVideoAsync(new() { VideoId = id }, cancellationToken: context.RequestAborted)));

    static async Task ReadAsync(string id, HttpContext context, CallerServices services, IOptions<WebOptions> options)
    {
        if (SoundFile.SoundOf(id) is { } sound)
        {
            await SoundContent.ReadAsync(sound, context, services, options, candidate: null, stem: null, form: new());
            return;
        }
        var cancellation = context.RequestAborted;
        var video = await services.Studio.GetVideoAsync(new() { VideoId = id }, cancellationToken: cancellation);
        if (video.Received < video.Bytes)
            throw InputFault.Precondition("id", $"must be uploaded first, but {video.Received} of {video.Bytes} bytes have come");
        var name = video.FileName.Length > 0 ? video.FileName : null;
        if (RangedAnswer.Begin(context, video.Bytes, id, Bytes, name) is not { Count: > 0 } part)
            return;
        using var call = services.Studio.FetchVideo(
            new() { VideoId = id, FromByte = part.From, ByteCount = part.Count }, cancellationToken: cancellation);
        while (await call.ResponseStream.MoveNext(cancellation))
            await context.Response.Body.WriteAsync(call.ResponseStream.Current.Chunk.Memory, cancellation);
    }

    static async Task<IResult> DeleteAsync(string id, HttpContext context, CallerServices services)
    {
        await services.Studio.DeleteVideoAsync(new() { VideoId = id }, cancellationToken: context.RequestAborted);
        return TypedResults.NoContent();
    }

    static string MediaTypeOf(HttpRequest request) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            ? type.MediaType.Value!.ToLowerInvariant() : Bytes;
}
