using Microsoft.Net.Http.Headers;

namespace Rewas.Gateway.Web.Ranges;

/// <summary>The part of a file that a request asks for with the header Range.</summary>
/// <param name="From">First byte.</param>
/// <param name="Count">Number of bytes.</param>
readonly record struct RangedAnswer(long From, long Count)
{
    /// <summary>
    /// Writes status and headers of the answer: 200 for the whole file, 206 for a part, 304 if the caller has the file, 416 if the part
    /// does not lie in the file. Several ranges are answered by the whole file.
    /// </summary>
    /// <param name="length">Length of the whole file, bytes.</param>
    /// <param name="etag">Changes when the bytes change; without quotes.</param>
    /// <returns>The part to send; null if no bytes follow.</returns>
    public static RangedAnswer? Begin(HttpContext context, long length, string etag, string mediaType, string? fileName = null)
    {
        var (request, response) = (context.Request, context.Response);
        var tag = new EntityTagHeaderValue($"\"{etag}\"");
        response.GetTypedHeaders().ETag = tag;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "private, no-cache";
        var given = request.GetTypedHeaders();
        if (given.IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }
        response.ContentType = mediaType;
        if (fileName is not null)
            response.Headers.ContentDisposition = Disposition(fileName);
        var (from, count) = (0L, length);
        var isCurrent = given.IfRange is not { } condition || condition.EntityTag?.Compare(tag, useStrongComparison: true) == true;
        if (isCurrent && given.Range is { Unit.Value: "bytes", Ranges: { Count: 1 } ranges })
        {
            var range = ranges.First();
            if (Part(range, length) is not { } part)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{length}";
                response.ContentType = null;
                return null;
            }
            (from, count) = part;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{from + count - 1}/{length}";
        }
        response.ContentLength = count;
        return HttpMethods.IsHead(request.Method) ? null : new(from, count);
    }

    static (long From, long Count)? Part(RangeItemHeaderValue range, long length) => range switch
    {
        { From: { } from, To: var to } when from < length => (from, Math.Min(to ?? long.MaxValue, length - 1) - from + 1),
        { From: null, To: > 0 and { } last } when length > 0 => (Math.Max(0, length - last), Math.Min(last, length)),
        _ => null,
    };

    /// <summary>The browser shows the file, and saves it under this name.</summary>
    static string Disposition(string fileName)
    {
        var header = new ContentDispositionHeaderValue("inline");
        header.SetHttpFileName(fileName);
        return header.ToString();
    }
}
