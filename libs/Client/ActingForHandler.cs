namespace Rewas.Client;

/// <summary>Names, in every call, the caller that the calling service works for.</summary>
/// <param name="caller">The name; empty for nobody.</param>
sealed class ActingForHandler(Func<string> caller, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The header that the gateway sets for its callers.</summary>
    const string Header = "rewas-caller";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(Header);
        if (caller() is { Length: > 0 } name)
            request.Headers.TryAddWithoutValidation(Header, name);
        return base.SendAsync(request, cancellationToken);
    }
}
