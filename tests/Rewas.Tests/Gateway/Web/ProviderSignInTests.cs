using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Rewas.Tests.Gateway.Web;

/// <summary>Browsers sign in with an OpenID Connect provider: there and back, and every way in which that must fail.</summary>
public sealed class ProviderSignInTests
{
    const string Start = "/studio/sign-in";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("a secret with + and %")]
    public async Task A_browser_comes_back_signed_in_and_sees_no_token(string secret)
    {
        await using var provider = await OidcProvider.StartAsync();
        provider.Secret = secret.Length == 0 ? "" : Uri.EscapeDataString(secret);
        await using var web = await StartAsync(provider, ("Callers:Jwt:ClientSecret", secret));
        using var browser = new Browser(web);
        var asked = await browser.LeaveAsync("/studio#project=p1");
        Assert.Equal(
            ("code", "studio", "openid", "S256", $"{browser.Own}{Start}/callback"),
            (asked["response_type"].ToString(), asked["client_id"].ToString(), asked["scope"].ToString(),
                asked["code_challenge_method"].ToString(), asked["redirect_uri"].ToString()));
        Assert.All(["state", "nonce", "code_challenge"], name => Assert.Equal(43, asked[name].ToString().Length));
        Assert.Empty(asked["code_verifier"].ToString());

        using var back = await browser.GetAsync(provider.Approve(asked, "alice"));
        Assert.Equal("/studio#project=p1", back.Headers.Location?.OriginalString);
        Assert.Equal("no-referrer", back.Headers.GetValues("Referrer-Policy").Single());
        var cookie = back.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("rewas-session=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        var seen = string.Join(' ', back.Headers.SelectMany(header => header.Value));
        Assert.Equal(6, provider.TokenParts.Count);
        Assert.All(provider.TokenParts, part => Assert.DoesNotContain(part, seen, StringComparison.Ordinal));
        Assert.Equal("oidc:alice", (await browser.GetAsync("/v1/me").OkAsync()).GetProperty("caller").GetString());
    }

    [Fact]
    public async Task Two_tabs_may_be_at_the_provider_and_each_comes_back_where_it_left()
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var web = await StartAsync(provider);
        using var browser = new Browser(web);
        var (one, other) = (await browser.LeaveAsync("/studio#project=one"), await browser.LeaveAsync("/studio#project=other"));
        Assert.NotEqual(one["state"], other["state"]);
        Assert.Equal("/studio#project=one", await browser.BackAsync(provider.Approve(one, "alice")));
        Assert.Equal("/studio#project=other", await browser.BackAsync(provider.Approve(other, "alice")));
    }

    [Fact]
    public async Task Another_browsers_sign_in_a_replayed_one_and_a_changed_state_are_refused()
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var web = await StartAsync(provider);
        using var victim = new Browser(web);
        using var attacker = new Browser(web);
        await victim.LeaveAsync("/studio");
        var address = provider.Approve(await attacker.LeaveAsync("/studio"), "bob");
        Assert.Equal("/studio#sign-in=late", await victim.BackAsync(address));
        Assert.Equal(0, provider.Redeemed);

        var state = QueryHelpers.ParseQuery(new Uri(address).Query)["state"].ToString();
        foreach (var changed in (string[])["", "short", state[..^1], state[..^1] + (state[^1] == 'A' ? 'B' : 'A'), state + state])
            Assert.Equal("/studio#sign-in=late", await attacker.BackAsync(address.Replace(state, changed, StringComparison.Ordinal), keep: true));
        Assert.Equal("/studio", await attacker.BackAsync(address));
        Assert.Equal("/studio#sign-in=late", await attacker.BackAsync(address));
    }

    public static TheoryData<string, Action<OidcProvider>, string> WrongAnswers => new()
    {
        { "nonce", provider => provider.ChangeIdToken = claims => claims["nonce"] = "another", "failed" },
        { "no nonce", provider => provider.ChangeIdToken = claims => claims.Remove("nonce"), "failed" },
        { "audience", provider => provider.ChangeIdToken = claims => claims["aud"] = "another client", "failed" },
        { "party", provider => provider.ChangeIdToken = claims => claims["azp"] = "another client", "failed" },
        { "issuer", provider => provider.ChangeIdToken = claims => claims["iss"] = "https://elsewhere.example", "failed" },
        { "expired", provider => provider.ChangeIdToken = claims => claims["exp"] = 1, "failed" },
        { "token for another service", provider => provider.ChangeAccessToken = claims => claims["aud"] = "another", "unknown" },
        { "secret", provider => provider.Secret = "not given", "failed" },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task A_wrong_answer_of_the_provider_signs_nobody_in(string what, Action<OidcProvider> change, string told)
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var web = await StartAsync(provider);
        change(provider);
        using var browser = new Browser(web);
        Assert.Equal($"/studio#sign-in={told}", await browser.BackAsync(provider.Approve(await browser.LeaveAsync("/studio"), "alice")));
        using var me = await browser.GetAsync("/v1/me");
        Assert.True(me.StatusCode == HttpStatusCode.Unauthorized, what);
    }

    [Fact]
    public async Task A_user_who_refuses_and_another_issuer_are_told_in_the_page()
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var web = await StartAsync(provider);
        using var browser = new Browser(web);
        var asked = await browser.LeaveAsync("/studio#project=p1");
        Assert.Equal(
            "/studio#project=p1&sign-in=refused", await browser.BackAsync($"{Start}/callback?error=access_denied&state={asked["state"]}"));
        var address = provider.Approve(await browser.LeaveAsync("/studio"), "alice");
        Assert.Equal("/studio#sign-in=failed", await browser.BackAsync(
            address.Replace(Uri.EscapeDataString(provider.Address), "https%3A%2F%2Felsewhere.example", StringComparison.Ordinal)));
        Assert.Equal(0, provider.Redeemed);
    }

    [Theory]
    [InlineData("https://evil.example/studio")]
    [InlineData("//evil.example")]
    [InlineData("/studio.evil.example")]
    [InlineData("/studio/../docs")]
    [InlineData("/studio#\\r\\nSet-Cookie: a=b")]
    [InlineData("\\evil")]
    public async Task A_browser_comes_back_to_the_studio_and_nowhere_else(string back)
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var web = await StartAsync(provider);
        using var browser = new Browser(web);
        Assert.Equal("/studio", await browser.BackAsync(provider.Approve(await browser.LeaveAsync(back), "alice")));
    }

    [Fact]
    public async Task A_provider_that_is_away_is_told_and_a_server_without_one_has_no_such_page()
    {
        await using var away = await WebHost.StartAsync(
            ("Callers:Jwt:Authority", "http://127.0.0.1:1"), ("Callers:Jwt:Audience", "rewas"), ("Callers:Jwt:ClientId", "studio"),
            ("Callers:Jwt:Methods:0", "*"));
        using var browser = new Browser(away);
        Assert.Equal("/studio#sign-in=away", await browser.BackAsync(Start));
        await using var without = await WebHost.StartAsync();
        await without.Client.GetAsync(Start, Cancel).RefusedAsync(404, "NOT_FOUND");
        await without.Client.GetAsync($"{Start}/callback", Cancel).RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Behind_a_proxy_the_browser_comes_back_to_the_public_address()
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var web = await StartAsync(provider, ("Web:Address", "https://sound.example.org/"));
        using var browser = new Browser(web);
        Assert.Equal("https://sound.example.org/studio/sign-in/callback", (await browser.LeaveAsync("/studio"))["redirect_uri"]);
    }

    static Task<WebHost> StartAsync(OidcProvider provider, params (string, string)[] settings) => WebHost.StartAsync(
        [
            ("Callers:Jwt:Authority", provider.Address), ("Callers:Jwt:Audience", OidcProvider.Audience),
            ("Callers:Jwt:ClientId", OidcProvider.Client), ("Callers:Jwt:Methods:0", "*"), .. settings,
        ]);

    /// <summary>A browser with its cookies, which shows where it is sent.</summary>
    sealed class Browser(WebHost web) : IDisposable
    {
        readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false });
        Dictionary<string, string> cookies = [];

        public string Own => web.Address.GetLeftPart(UriPartial.Authority);

        /// <summary>Goes to the provider.</summary>
        /// <returns>The query with which it comes there.</returns>
        public async Task<IQueryCollection> LeaveAsync(string back)
        {
            using var led = await GetAsync(QueryHelpers.AddQueryString(Start, "return", back));
            Assert.Equal(HttpStatusCode.Found, led.StatusCode);
            return new QueryCollection(QueryHelpers.ParseQuery(led.Headers.Location!.Query));
        }

        /// <summary>Where it is sent from an address of this server.</summary>
        /// <param name="keep">Cookies stay as they are.</param>
        public async Task<string?> BackAsync(string address, bool keep = false)
        {
            var before = new Dictionary<string, string>(cookies);
            using var back = await GetAsync(address);
            if (keep)
                cookies = before;
            return back.Headers.Location?.OriginalString;
        }

        public async Task<HttpResponseMessage> GetAsync(string address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(web.Address, address));
            if (cookies.Count > 0)
                request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            var answer = await client.SendAsync(request, Cancel);
            foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
            {
                var (name, value) = (set[..set.IndexOf('=', StringComparison.Ordinal)], set[(set.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0]);
                cookies.Remove(name);
                if (value.Length > 0)
                    cookies[name] = value;
            }
            return answer;
        }

        public void Dispose() => client.Dispose();
    }
}
