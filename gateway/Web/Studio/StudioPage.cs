using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Studio;

/// <summary>
/// The studio: a page that works with the web API. It is open to everybody; what it asks of the API is not. Its policy allows scripts,
/// styles and requests of this server alone.
/// </summary>
static class StudioPage
{
    const string Address = "/studio", Index = "index.html", NonceMark = "NONCE";
    const int NonceBytes = 16;
    const string OneYear = "public, max-age=31536000, immutable", AskFirst = "no-cache";

    /// <summary>The first page, with addresses that change with the content of its files.</summary>
    static readonly string IndexText = PageFile.All.Values.Where(file => file.Name != Index).Aggregate(
        Encoding.UTF8.GetString(PageFile.All[Index].Bytes),
        (page, file) => page.Replace($"\"{file.Name}\"", $"\"{Address}/{file.Name}?v={file.Hash}\"", StringComparison.Ordinal));

    public static void MapStudioPage(this IEndpointRouteBuilder routes)
    {
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/", reading, () => TypedResults.Redirect(Address)).Hidden();
        routes.MapMethods(Address, reading, SendIndexAsync).Hidden();
        foreach (var file in PageFile.All.Values.Where(file => file.Name != Index))
            routes.MapMethods($"{Address}/{file.Name}", reading, context => SendAsync(file, context)).Hidden();
    }

    static void Hidden(this IEndpointConventionBuilder route) =>
        route.ExcludeFromDescription().WithMetadata(new OpenToEverybody());

    /// <summary>The nonce lets the waveform's shadow root have its style. It is new for each answer, so the answer is not stored.</summary>
    static Task SendIndexAsync(HttpContext context)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; media-src 'self' blob:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return WriteAsync(
            context, PageFile.All[Index].MediaType, Encoding.UTF8.GetBytes(IndexText.Replace(NonceMark, nonce, StringComparison.Ordinal)));
    }

    static Task SendAsync(PageFile file, HttpContext context)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.CacheControl = request.Query["v"] == file.Hash ? OneYear : AskFirst;
        headers.Vary = HeaderNames.AcceptEncoding;
        var (bytes, coding) = file.In(request.Headers.AcceptEncoding.ToString());
        headers.ETag = $"\"{file.Hash}{(coding is null ? "" : "-" + coding)}\"";
        if (request.Headers.IfNoneMatch.ToString() == headers.ETag.ToString())
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        headers.ContentEncoding = coding;
        return WriteAsync(context, file.MediaType, bytes);
    }

    static Task WriteAsync(HttpContext context, string type, byte[] bytes)
    {
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        (response.ContentType, response.ContentLength) = (type, bytes.Length);
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
