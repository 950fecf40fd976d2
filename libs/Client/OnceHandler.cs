namespace Rewas.Client;

/// <summary>Sends the content of every call at most once; see <see cref="OnceContent"/>.</summary>
sealed class OnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
            request.Content = new OnceContent(content);
        return base.SendAsync(request, cancellationToken);
    }
}
