using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Rewas.Gateway.Web.Sessions;
using Rewas.Gateway.Web.Settings;

namespace Rewas.Tests.Gateway.Web;

public sealed class SessionTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_learns_who_it_is_and_what_it_may_do()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var alice = web.As("alice", entry => entry with { Methods = ["rewas.v1.SoundStudio/*"] });
        var me = await alice.GetAsync("/v1/me", Cancel).OkAsync();
        Assert.Equal(("alice", "key"), (me.GetProperty("caller").GetString(), me.GetProperty("sign_in").GetString()));
        Assert.Equal(["rewas.v1.SoundStudio/*"], me.GetProperty("methods").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(["key"], Accepts(await web.Client.GetAsync("/v1/session", Cancel).OkAsync()));
    }

    [Fact]
    public async Task A_server_that_checks_no_callers_says_so()
    {
        await using var web = await WebHost.StartAsync();
        var me = await web.Client.GetAsync("/v1/me", Cancel).OkAsync();
        Assert.Equal((false, "none"), (me.TryGetProperty("caller", out _), me.GetProperty("sign_in").GetString()));
        Assert.Empty(Accepts(await web.Client.GetAsync("/v1/session", Cancel).OkAsync()));
        using var begun = await web.Client.PostAsync("/v1/session", null, Cancel);
        Assert.Equal((HttpStatusCode.OK, false), (begun.StatusCode, begun.Headers.Contains("Set-Cookie")));
    }

    [Fact]
    public async Task A_server_with_a_provider_of_tokens_names_it()
    {
        await using var web = await WebHost.StartAsync(
            ("Callers:Jwt:Authority", "http://127.0.0.1:9/realm"), ("Callers:Jwt:Audience", "rewas"), ("Callers:Jwt:ClientId", "studio"),
            ("Callers:Jwt:Methods:0", "*"));
        var session = await web.Client.GetAsync("/v1/session", Cancel).OkAsync();
        Assert.Equal(["oidc"], Accepts(session));
        var provider = session.GetProperty("oidc");
        Assert.Equal(
            ("http://127.0.0.1:9/realm", "rewas", "studio"),
            (provider.GetProperty("issuer").GetString(), provider.GetProperty("audience").GetString(),
                provider.GetProperty("client_id").GetString()));
        Assert.Equal("/studio/sign-in", provider.GetProperty("sign_in").GetString());
    }

    [Fact]
    public async Task A_session_stands_for_the_key_in_requests_without_a_header()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var alice = web.As("alice");
        using var begun = await alice.PostAsync("/v1/session", null, Cancel);
        var cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(alice.DefaultRequestHeaders.Authorization!.Parameter![^20..], cookie, StringComparison.Ordinal);
        Assert.Equal("no-store", begun.Headers.CacheControl?.ToString());

        Assert.Equal("alice", (await AsPage(web, cookie, HttpMethod.Get, "/v1/me").OkAsync()).GetProperty("caller").GetString());
        // A cookie that was changed, and one of another server, are none.
        var value = cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
        await AsPage(web, value[..^2] + (value[^2] == 'A' ? "B" : "A") + value[^1], HttpMethod.Get, "/v1/me").RefusedAsync(401, "UNAUTHENTICATED");
        await AsPage(web, "rewas-session=AAAA", HttpMethod.Get, "/v1/me").RefusedAsync(401, "UNAUTHENTICATED");

        // It ends with the key.
        web.Revoke("alice");
        await Wait.UntilAsync(
            async () => !(await AsPage(web, cookie, HttpMethod.Get, "/v1/me")).IsSuccessStatusCode, "the key is revoked");
    }

    [Theory]
    [InlineData("POST", "Origin", "https://evil.example")]
    [InlineData("POST", "Origin", "null")]
    [InlineData("GET", "Origin", "https://evil.example")]
    [InlineData("POST", "Sec-Fetch-Site", "cross-site")]
    [InlineData("GET", "Sec-Fetch-Site", "same-site")]
    [InlineData("POST", "X-Nothing", "said")]
    public async Task A_page_of_another_site_cannot_use_a_session(string method, string header, string value)
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var alice = web.As("alice");
        using var begun = await alice.PostAsync("/v1/session", null, Cancel);
        var cookie = begun.Headers.GetValues("Set-Cookie").Single();
        await AsPage(web, cookie, new(method), "/v1/files", (header, value)).RefusedAsync(403, "PERMISSION_DENIED", "origin");
        var own = web.Address.GetLeftPart(UriPartial.Authority);
        using var allowed = await AsPage(web, cookie, HttpMethod.Post, "/v1/files?name=a", ("Origin", own), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);
    }

    [Fact]
    public async Task A_session_outlives_a_server_that_is_given_its_key_and_no_other()
    {
        var key = Convert.ToBase64String(new byte[32]);
        string cookie;
        await using (var web = await WebHost.StartAsync(withKeys: true, ("Web:SessionKey", key)))
        {
            using var alice = web.As("alice");
            using var begun = await alice.PostAsync("/v1/session", null, Cancel);
            cookie = begun.Headers.GetValues("Set-Cookie").Single();
        }
        foreach (var (setting, detail) in new[] { (key, "the key is not known"), ("", "a key or token must be given") })
        {
            await using var again = await WebHost.StartAsync(withKeys: true, ("Web:SessionKey", setting));
            // The other server has no keys: it tells whether it could open the cookie.
            await AsPage(again, cookie, HttpMethod.Get, "/v1/me").RefusedAsync(401, "UNAUTHENTICATED", detail);
        }
    }

    [Fact]
    public async Task A_session_ends_when_it_is_told_to()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var ended = await web.Client.DeleteAsync("/v1/session", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", ended.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_seal_ends_with_time()
    {
        var time = new FakeTimeProvider();
        var seal = new SessionSeal(Options.Create(new WebOptions()), time);
        var text = seal.Seal("session", "rewas_key", TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("rewas_key", seal.Open("session", text));
        Assert.Null(seal.Open("another cookie", text));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(seal.Open("session", text));
        Assert.All(["", "A", "no base64!", new string('A', 400)], broken => Assert.Null(seal.Open("session", broken)));
    }

    [Fact]
    public void Seals_open_that_many_requests_bring_at_once()
    {
        var seal = new SessionSeal(Options.Create(new WebOptions()), TimeProvider.System);
        var text = seal.Seal("session", "rewas_key", TimeSpan.FromHours(1));

        var opened = Enumerable.Range(0, 20_000).AsParallel().WithDegreeOfParallelism(4)
            .Select(i => (Own: $"key {i}", Known: seal.Open("session", text)))
            .Select(one => (one.Own, one.Known, Sealed: seal.Open("session", seal.Seal("session", one.Own, TimeSpan.FromHours(1)))))
            .ToList();

        Assert.All(opened, one => Assert.Equal(("rewas_key", one.Own), (one.Known, one.Sealed)));
    }

    static Task<HttpResponseMessage> AsPage(
        WebHost web, string cookie, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
            request.Content = new ByteArrayContent([1]);
        request.Headers.TryAddWithoutValidation("Cookie", cookie.Split(';')[0]);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return web.Client.SendAsync(request, Cancel);
    }

    static IEnumerable<string?> Accepts(JsonElement session) =>
        session.GetProperty("accepts").EnumerateArray().Select(kind => kind.GetString());
}
