using Grpc.Core;
using Microsoft.AspNetCore.Mvc;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Problems;
using Rewas.Gateway.Web.Ranges;
using Rewas.V1;

namespace Rewas.Gateway.Web.Library;

/// <summary>The library of recordings that all callers of the server share.</summary>
static class LibraryRoutes
{
    public static void MapLibrary(this IEndpointRouteBuilder routes)
    {
        var sounds = routes.MapGroup("/v1/library/sounds").WithTags("Library");
        sounds.MapGet("", FindAsync).WithName("findLibrarySounds")
            .WithSummary("Find recordings of the library")
            .WithDescription(
                "By words (q), by the curve of a file's picture (file), or by both. Without either, all recordings in the order of their "
                + "paths, limit at a time.")
            .Produces<LibrarySoundList>()
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sounds.MapGet("/{id}/content", ReadAsync).WithName("getLibrarySound")
            .WithSummary("The bytes of a recording, or a part of them")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .Produces<byte[]>(StatusCodes.Status206PartialContent, "application/octet-stream")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status416RangeNotSatisfiable);
        sounds.MapMethods("/{id}/content", [HttpMethods.Head], ReadAsync).ExcludeFromDescription();
    }

    static async Task<IResult> FindAsync(
        HttpContext context, CallerServices services, [FromQuery] string? q, [FromQuery] string? file, [FromQuery] int? limit,
        [FromQuery] string? page)
    {
        var cancellation = context.RequestAborted;
        if (string.IsNullOrWhiteSpace(q) && file is null)
        {
            var list = await services.Library.ListSoundsAsync(
                new() { PageSize = limit ?? 0, Page = page ?? "" }, cancellationToken: cancellation);
            return TypedResults.Ok(new LibrarySoundList(
                [.. list.Sounds.Where(sound => !sound.Missing).Select(LibrarySoundView.Of)],
                list.NextPage.Length > 0 ? list.NextPage : null));
        }
        var search = new SearchSoundsRequest { Words = q ?? "", Limit = limit ?? 0 };
        if (file is not null)
            search.Curve = (await services.Studio.AnalyseAsync(new() { VideoId = file }, cancellationToken: cancellation)).Curve;
        var found = await services.Library.SearchSoundsAsync(search, cancellationToken: cancellation);
        return TypedResults.Ok(new LibrarySoundList([.. found.Sounds.Select(LibrarySoundView.Of)]));
    }

    static async Task ReadAsync(string id, HttpContext context, CallerServices services)
    {
        var cancellation = context.RequestAborted;
        // The first call tells the length. The part that is asked for is known only then, so a second call may fetch it.
        var call = services.Library.FetchSound(new() { Sha256 = id }, cancellationToken: cancellation);
        try
        {
            if (!await call.ResponseStream.MoveNext(cancellation)
                || call.ResponseStream.Current is not { Sound: { } sound, Bytes: var bytes })
                return;
            var name = LibrarySoundView.NameOf(sound);
            if (RangedAnswer.Begin(context, bytes, sound.Sha256, MediaTypeOf(name), name) is not { Count: > 0 } part)
                return;
            if (part.Count < bytes)
            {
                call.Dispose();
                call = services.Library.FetchSound(
                    new() { Sha256 = id, FromByte = part.From, ByteCount = part.Count }, cancellationToken: cancellation);
            }
            await foreach (var chunk in call.ResponseStream.ReadAllAsync(cancellation))
                await context.Response.Body.WriteAsync(chunk.Chunk.Memory, cancellation);
        }
        finally
        {
            call.Dispose();
        }
    }

    /// <summary>By the end of the name, so that browsers play it. What is no known kind of sound is only saved.</summary>
    static string MediaTypeOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".wav" => "audio/wav",
        ".flac" => "audio/flac",
        ".ogg" or ".oga" or ".opus" => "audio/ogg",
        ".mp3" => "audio/mpeg",
        ".m4a" => "audio/mp4",
        ".aac" => "audio/aac",
        ".aif" or ".aiff" => "audio/aiff",
        _ => "application/octet-stream",
    };
}
