using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Rewas.Tests.Client;
using Rewas.Tests.Gateway;

namespace Rewas.Tests.Hosting.Access;

public sealed class TokenTests
{
    const string Audience = "rewas";

    [Fact]
    public async Task A_valid_token_names_its_caller_and_its_roles_open_methods()
    {
        await using var provider = await Provider.StartAsync();
        var doubles = new StageDoubles();
        await using var stages = await StageHost.StartAsync(doubles, settings: ("Rewas:TrustCallerHeader", "true"));
        await using var gateway = await StartAsync(provider, stages);

        using var client = Bearing(gateway, provider.Token(provider.Key));
        await client.DescribeAsync();
        Assert.Equal("oidc:alice", Assert.Single(doubles.HeadersSeen).GetValue("rewas-caller"));

        using var without = Bearing(gateway, provider.Token(provider.Key, role: "visitor"));
        Assert.Equal(StatusCode.PermissionDenied, (await without.RefusedAsync()).StatusCode);
    }

    [Fact]
    public async Task Expired_forged_and_foreign_tokens_are_UNAUTHENTICATED()
    {
        await using var provider = await Provider.StartAsync();
        await using var stages = await StageHost.StartAsync(new());
        await using var gateway = await StartAsync(provider, stages);
        using var other = RSA.Create(2048);
        var forger = new RsaSecurityKey(other) { KeyId = provider.Key.KeyId };
        var publicKeyAsSecret = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(provider.Rsa.ExportSubjectPublicKeyInfoPem()))
        {
            KeyId = provider.Key.KeyId,
        };
        var valid = provider.Token(provider.Key);
        var parts = valid.Split('.');
        var admin = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("alice", "admin", StringComparison.Ordinal));
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        foreach (var (token, said) in new[]
        {
            (provider.Token(provider.Key, expires: DateTime.UtcNow.AddMinutes(-5)), "the token has expired"),
            (provider.Token(forger), "the token is not valid"),
            (provider.Token(publicKeyAsSecret, SecurityAlgorithms.HmacSha256), "the token is not valid"),
            (provider.Token(provider.Key, audience: "another service"), "the token is not valid"),
            (provider.Token(provider.Key, issuer: "https://elsewhere.example"), "the token is not valid"),
            ($"{parts[0]}.{admin}.{parts[2]}", "the token is not valid"),
            ($"{none}.{parts[1]}.", "the token is not valid"),
            ($"{none}.{parts[1]}.{parts[2]}", "the token is not valid"),
            (valid[..^4], "the token is not valid"),
            ("a.b.c", "the token is not valid"),
            ("x", "the token is not valid"),
        })
        {
            using var client = Bearing(gateway, token);
            var failure = await client.RefusedAsync();
            Assert.Equal((StatusCode.Unauthenticated, said), (failure.StatusCode, failure.Status.Detail));
        }
    }

    [Fact]
    public async Task While_the_provider_does_not_answer_tokens_are_UNAVAILABLE_and_nobody_gets_in()
    {
        await using var stages = await StageHost.StartAsync(new());
        await using var gateway = await GatewayHost.StartAsync(
            _ =>
                [stages.Address],
                ("Callers:Jwt:Authority", "http://127.0.0.1:1"),
                ("Callers:Jwt:Audience", Audience),
                ("Callers:Jwt:Methods:0", "*"));
        using var client = Bearing(gateway, "a.b.c");

        Assert.Equal(StatusCode.Unavailable, (await client.RefusedAsync()).StatusCode);
    }

    [Fact]
    public async Task A_token_is_not_refused_because_its_provider_was_silent_just_before()
    {
        await using var provider = await Provider.StartAsync();
        await using var stages = await StageHost.StartAsync(new(), settings: ("Rewas:TrustCallerHeader", "true"));
        await using var gateway = await StartAsync(provider, stages);
        using var client = Bearing(gateway, provider.Token(provider.Key));

        provider.Unanswered = 1;
        Assert.Equal(StatusCode.Unavailable, (await client.RefusedAsync()).StatusCode);
        await client.DescribeAsync();
    }

    static Task<GatewayHost> StartAsync(Provider provider, StageHost stages) => GatewayHost.StartAsync(
        _ =>
            [stages.Address],
            ("Callers:Jwt:Authority", provider.Address),
            ("Callers:Jwt:Audience", Audience),
            ("Callers:Roles:editor:0", "rewas.v1.Vocoder/*"));

    static GuardedGateway.Client Bearing(GatewayHost gateway, string token) => new(gateway.Address, $"Bearer {token}");

    /// <summary>The parts of an OpenID Connect provider that a gateway asks for.</summary>
    sealed class Provider(WebApplication app, RSA key) : IAsyncDisposable
    {
        public string Address => app.Urls.Single();

        public RSA Rsa => rsa;

        /// <summary>How many of the next questions for the description are not answered.</summary>
        public int Unanswered;

        public RsaSecurityKey Key { get; } = new(key) { KeyId = "key-1" };

        public static async Task<Provider> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var provider = new Provider(app, RSA.Create(2048));
            app.MapGet(
                "/.well-known/openid-configuration",
                () => Interlocked.Decrement(ref provider.Unanswered) >= 0
                    ? Results.NotFound()
                    : Results.Json(new { issuer = provider.Address, jwks_uri = $"{provider.Address}/keys" }));
            app.MapGet("/keys", () =>
            {
                var parameters = provider.rsa.ExportParameters(includePrivateParameters: false);
                return Results.Json(new
                {
                    keys = new[]
                    {
                        new
                        {
                            kty = "RSA",
                            use = "sig",
                            kid = "key-1",
                            alg = "RS256",
                            n = Base64UrlEncoder.Encode(parameters.Modulus),
                            e = Base64UrlEncoder.Encode(parameters.Exponent),
                        },
                    },
                });
            });
            await app.StartAsync();
            return provider;
        }

        public string Token(
            SecurityKey key,
            string algorithm = SecurityAlgorithms.RsaSha256,
            string? issuer = null,
            string audience = Audience,
            DateTime? expires = null,
            string role = "editor") =>
            new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = issuer ?? Address,
                Audience = audience,
                Subject = new ClaimsIdentity([new Claim("sub", "alice"), new Claim("roles", role)]),
                NotBefore = DateTime.UtcNow.AddHours(-1),
                IssuedAt = DateTime.UtcNow.AddHours(-1),
                Expires = expires ?? DateTime.UtcNow.AddMinutes(5),
                SigningCredentials = new(key, algorithm),
            });

        readonly RSA rsa = key;

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
            rsa.Dispose();
        }
    }
}
