using System.Net;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Settings;
using Rewas.Hosting.Outgoing;

namespace Rewas.Gateway.Web.Files;

/// <summary>
/// Fetches a file from a URL that a caller gives, and passes it on to the studio as it comes. Each address on the way is checked. Size,
/// time and redirects are bounded. The file counts against the caller's limits as one that is sent.
/// </summary>
sealed class FileFetch(OutgoingConnections connections, IOptions<WebOptions> configured, TimeProvider time)
{
    const string Field = "url";
    const int MostRedirects = 5, MostNameCharacters = 255;

    readonly FetchOptions options = configured.Value.Fetch;

    /// <exception cref="InputFault">The URL may not be fetched, or gives no file.</exception>
    /// <exception cref="RpcException">The studio refused the file.</exception>
    public async Task<FileView> FetchAsync(string key, FileAnnouncement wanted, CallerServices services, HttpContext context)
    {
        if (!options.Enabled)
            throw InputFault.Precondition(Field, "cannot be given: this server fetches no files (Web:Fetch:Enabled)");
        if (wanted.Bytes is not null)
            throw InputFault.Invalid("bytes", "must be absent with a url, which says how long the file is");
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            var (url, answer) = await AnswerAsync(connections.Read(Field, wanted.Url!, allowHttp: true), end.Token);
            using (answer)
            {
                if (answer.Content.Headers.ContentLength is { } length && length > options.MaxBytes)
                    throw TooLarge(options.MaxBytes);
                var announced = wanted with { Url = null, Name = wanted.Name.Length > 0 ? wanted.Name : NameIn(url) };
                await using var stream = await answer.Content.ReadAsStreamAsync(end.Token);
                var body = new FetchedBody(stream, options.MaxBytes, context, end.Token);
                return await new FileUpload(services.Studio).ReceiveFetchedAsync(
                    key, announced, body, answer.Content.Headers.ContentLength, options.MaxBytes);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw InputFault.Precondition(
                Field, FormattableString.Invariant($"must give the file within {options.Timeout.TotalSeconds} s (Web:Fetch:Timeout)"));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            throw OutgoingConnections.RefusalOf(failure)
                ?? InputFault.Precondition(Field, $"cannot be fetched: {(failure.InnerException ?? failure).Message}", failure);
        }
    }

    public static InputFault TooLarge(long most) =>
        InputFault.Exhausted(Field, $"must give at most {most} bytes (Web:Fetch:MaxBytes), but gives more");

    /// <summary>Follows redirects to the file.</summary>
    async Task<(Uri Url, HttpResponseMessage Answer)> AnswerAsync(Uri url, CancellationToken cancellation)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("User-Agent", "Rewas-Fetch");
            var answer = await connections.SendAsync(request, cancellation);
            if (answer.StatusCode == HttpStatusCode.OK)
                return (url, answer);
            using (answer)
            {
                if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                    throw InputFault.Precondition(Field, $"must be answered with 200, but is answered with {(int)answer.StatusCode}");
                if (answer.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next))
                    throw InputFault.Precondition(Field, "leads nowhere: a redirect names no address");
                if (redirects == MostRedirects)
                    throw InputFault.Precondition(Field, $"must lead to a file over at most {MostRedirects} redirects");
                url = connections.Read(Field, next.AbsoluteUri, allowHttp: url.Scheme == "http");
            }
        }
    }

    /// <summary>The last part of the path, for messages.</summary>
    static string NameIn(Uri url)
    {
        var name = Uri.UnescapeDataString(url.Segments[^1].TrimEnd('/'));
        return name.Length <= MostNameCharacters ? name : name[^MostNameCharacters..];
    }
}
