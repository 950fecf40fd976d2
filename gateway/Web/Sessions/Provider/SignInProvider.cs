using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Sessions.Provider;

/// <summary>
/// The OpenID Connect provider as a client of it sees it: the authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core).
/// The code is redeemed here, so no page sees a token or a secret.
/// </summary>
sealed class SignInProvider(IOptions<CallersOptions> callers, IOptionsMonitor<JwtBearerOptions> bearer)
{
    readonly JwtOptions options = callers.Value.Jwt;

    JwtBearerOptions Bearer => bearer.Get(JwtBearerDefaults.AuthenticationScheme);

    /// <summary>Whether browsers can be led to a provider.</summary>
    public bool IsThere => options is { Authority.Length: > 0, ClientId.Length: > 0 };

    /// <summary>Address at the provider to which a browser is led.</summary>
    /// <param name="redirect">Address of this server to which it comes back.</param>
    /// <exception cref="SignInRefusedException">The provider does not answer.</exception>
    public async Task<string> AddressAsync(SignInTicket ticket, string redirect, CancellationToken cancellation) =>
        QueryHelpers.AddQueryString(Checked((await DescribeAsync(cancellation)).AuthorizationEndpoint), new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = options.ClientId,
            ["redirect_uri"] = redirect,
            ["scope"] = options.Scope,
            // Some providers issue tokens for this server only to those who name it. Others ignore it.
            ["audience"] = options.Audience,
            ["state"] = ticket.State,
            ["nonce"] = ticket.Nonce,
            ["code_challenge"] = ticket.Challenge,
            ["code_challenge_method"] = "S256",
        });

    /// <summary>Redeems the code of a browser that has come back.</summary>
    /// <param name="issuer">Who sent it back, if the provider says so (RFC 9207).</param>
    /// <returns>The token for this server.</returns>
    /// <exception cref="SignInRefusedException">The provider refuses the code, or its answer is not valid.</exception>
    public async Task<string> RedeemAsync(
        SignInTicket ticket, string code, string? issuer, string redirect, CancellationToken cancellation)
    {
        var provider = await DescribeAsync(cancellation);
        if (issuer is not null && issuer != provider.Issuer)
            throw Failed("another issuer has sent the browser back");
        using var answer = await AskAsync(provider, ticket, code, redirect, cancellation);
        var (idToken, accessToken) = (Text(answer, "id_token"), Text(answer, "access_token"));
        await CheckAsync(idToken, ticket, provider);
        // Where the server itself is the client's audience, the id token is the one that names it.
        return options.Audience == options.ClientId ? idToken : accessToken;
    }

    async Task<OpenIdConnectConfiguration> DescribeAsync(CancellationToken cancellation)
    {
        try
        {
            return await Bearer.ConfigurationManager!.GetConfigurationAsync(cancellation);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new SignInRefusedException(SignInRefusal.Away, failure.Message);
        }
    }

    async Task<JsonDocument> AskAsync(
        OpenIdConnectConfiguration provider, SignInTicket ticket, string code, string redirect, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Checked(provider.TokenEndpoint))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = redirect,
                ["client_id"] = options.ClientId,
                ["code_verifier"] = ticket.Verifier,
            }),
        };
        if (options.ClientSecret.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(
                $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}")));
        try
        {
            using var response = await Bearer.Backchannel.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode
                ? JsonDocument.Parse(text)
                : throw Failed($"the provider answered {(int)response.StatusCode} to the code");
        }
        catch (JsonException)
        {
            throw Failed("the provider's answer to the code is no JSON");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new SignInRefusedException(SignInRefusal.Away, failure.Message);
        }
    }

    /// <summary>Checks the id token: by whom, for whom, and for which sign-in it was made.</summary>
    async Task CheckAsync(string idToken, SignInTicket ticket, OpenIdConnectConfiguration provider)
    {
        var usual = Bearer.TokenValidationParameters;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(idToken, new()
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = options.ClientId,
            IssuerSigningKeys = provider.SigningKeys,
            ValidAlgorithms = usual.ValidAlgorithms,
            ClockSkew = usual.ClockSkew,
        });
        if (!result.IsValid)
            throw Failed($"the id token is not valid: {result.Exception?.GetType().Name}");
        if (!result.Claims.TryGetValue("nonce", out var nonce) || nonce as string != ticket.Nonce)
            throw Failed("the id token was made for another sign-in");
        if (result.Claims.TryGetValue("azp", out var party) && party as string != options.ClientId)
            throw Failed("the id token was made for another client");
    }

    /// <summary>An address of the provider. Only on this machine may it be without TLS.</summary>
    string Checked(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && !Bearer.RequireHttpsMetadata))
            ? uri.AbsoluteUri
            : throw Failed("an address in the provider's description is not https://");

    static string Text(JsonDocument answer, string field) =>
        answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty(field, out var value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Failed($"the provider's answer to the code has no {field}");

    static SignInRefusedException Failed(string reason) => new(SignInRefusal.Failed, reason);
}
