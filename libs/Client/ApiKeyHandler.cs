using System.Net.Http.Headers;

namespace Rewas.Client;

/// <summary>Adds the caller's key to every call.</summary>
sealed class ApiKeyHandler(string key, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    readonly AuthenticationHeaderValue header = new("Bearer", key);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = header;
        return base.SendAsync(request, cancellationToken);
    }
}
