using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Rewas.TestKit;

/// <summary>
/// A small OpenID Connect provider: discovery, keys, a page that asks who signs in, and the authorization code flow with PKCE. It refuses
/// what a real one refuses.
/// </summary>
public sealed class OidcProvider : IAsyncDisposable
{
    public const string Client = "studio", Audience = "rewas";

    const string KeyId = "key-1";

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    readonly WebApplication app;
    readonly RSA key = RSA.Create(2048);
    readonly ConcurrentDictionary<string, (IQueryCollection Asked, string User)> codes = new();

    OidcProvider(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    /// <summary>Secret that the client must give; empty for none.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Changes the claims of the next id tokens, to see what becomes of wrong ones.</summary>
    public Action<JsonObject> ChangeIdToken { get; set; } = _ => { };

    /// <summary>Changes the claims of the next access tokens.</summary>
    public Action<JsonObject> ChangeAccessToken { get; set; } = _ => { };

    /// <summary>Queries with which browsers were led here.</summary>
    public ConcurrentQueue<IQueryCollection> Asked { get; } = new();

    /// <summary>Codes that were redeemed.</summary>
    public int Redeemed { get; private set; }

    /// <summary>Parts of the tokens that were given out: headers, claims and signatures. No browser may see one.</summary>
    public ConcurrentQueue<string> TokenParts { get; } = new();

    public static async Task<OidcProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var provider = new OidcProvider(app);
        provider.Map();
        await app.StartAsync();
        return provider;
    }

    /// <summary>Signs a user in, as the page does when its button is clicked.</summary>
    /// <param name="query">With which the browser was led here.</param>
    /// <returns>Address to which the browser is sent back.</returns>
    public string Approve(IQueryCollection query, string user)
    {
        var code = Random();
        codes[code] = (query, user);
        return QueryHelpers.AddQueryString(
            query["redirect_uri"].ToString(),
            new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"], ["iss"] = Address });
    }

    void Map()
    {
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Address,
            jwks_uri = $"{Address}/keys",
            authorization_endpoint = $"{Address}/authorize",
            token_endpoint = $"{Address}/token",
        }));
        app.MapGet("/keys", () =>
        {
            var parameters = key.ExportParameters(includePrivateParameters: false);
            var (n, e) = (Base64Url.EncodeToString(parameters.Modulus), Base64Url.EncodeToString(parameters.Exponent));
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = KeyId, alg = "RS256", n, e } } });
        });
        app.MapGet("/authorize", (HttpContext context) =>
        {
            Asked.Enqueue(context.Request.Query);
            return Results.Content(
                "<!doctype html><title>Provider</title><form method=post><button name=user value=alice>alice</button>"
                + "<button name=user value=bob>bob</button><button name=refuse value=1>refuse</button></form>",
                "text/html");
        });
        app.MapPost("/authorize", async (HttpContext context) =>
        {
            var (form, query) = (await context.Request.ReadFormAsync(), context.Request.Query);
            return Results.Redirect(form.ContainsKey("refuse")
                ? QueryHelpers.AddQueryString(
                    query["redirect_uri"].ToString(),
                    new Dictionary<string, string?> { ["error"] = "access_denied", ["state"] = query["state"] })
                : Approve(query, form["user"].ToString()));
        });
        app.MapPost("/token", (Delegate)RedeemAsync);
    }

    async Task<IResult> RedeemAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client}:{Secret}"));
        // A code is redeemed once, by the client that has the verifier, for the address that it came to.
        if (!codes.TryRemove(form["code"].ToString(), out var given)
            || form["grant_type"] != "authorization_code" || form["client_id"] != Client || given.Asked["client_id"] != Client
            || form["redirect_uri"] != given.Asked["redirect_uri"].ToString() || given.Asked["code_challenge_method"] != "S256"
            || given.Asked["code_challenge"] != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
            || (Secret.Length > 0 && context.Request.Headers.Authorization != $"Basic {basic}"))
            return Results.Json(new { error = "invalid_grant" }, statusCode: StatusCodes.Status400BadRequest);
        Redeemed++;
        var idClaims = Claims(given.User, Client);
        idClaims["nonce"] = given.Asked["nonce"].ToString();
        ChangeIdToken(idClaims);
        var accessClaims = Claims(given.User, Audience);
        ChangeAccessToken(accessClaims);
        return Results.Json(new { token_type = "Bearer", id_token = Signed(idClaims), access_token = Signed(accessClaims), expires_in = 300 });
    }

    JsonObject Claims(string user, string audience) => new()
    {
        ["iss"] = Address,
        ["aud"] = audience,
        ["sub"] = user,
        ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ["exp"] = (DateTimeOffset.UtcNow + Lifetime).ToUnixTimeSeconds(),
    };

    /// <summary>A token signed with RS256.</summary>
    string Signed(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = KeyId };
        var signed = $"{Part(header)}.{Part(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var token = $"{signed}.{Base64Url.EncodeToString(signature)}";
        foreach (var part in token.Split('.'))
            TokenParts.Enqueue(part);
        return token;

        static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        key.Dispose();
    }
}
