using System.Net;
using System.Net.Http.Headers;

namespace Rewas.Tests.Gateway.Web;

public sealed class StudioPageTests(SharedWebHost web) : IClassFixture<SharedWebHost>
{
    const int MostCompressedBytes = 300 * 1024;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_root_leads_to_the_studio()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = web.Client.BaseAddress };
        using var answer = await client.GetAsync("/", Token);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/studio", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task The_page_may_load_and_ask_nothing_but_this_server()
    {
        using var answer = await web.Client.GetAsync("/studio", Token);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);

        // The nonce is that of the policy, and no two answers have the same.
        var page = await answer.Content.ReadAsStringAsync(Token);
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        Assert.Contains($"nonce=\"{nonce}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(nonce, await web.Client.GetStringAsync("/studio", Token), StringComparison.Ordinal);

        // It names no other server. A nonce may hold anything.
        page = page.Replace(nonce, "", StringComparison.Ordinal).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
        Assert.DoesNotContain("//", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("studio.js", "text/javascript")]
    [InlineData("studio.css", "text/css")]
    public async Task A_file_of_the_page_is_kept_as_long_as_its_content_is_the_same(string name, string type)
    {
        var address = (await web.Client.GetStringAsync("/studio", Token)).Split('"').Single(text => text.Contains(name + "?v="));
        using var answer = await web.Client.GetAsync(address, Token);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        // An address of another content is not kept for a year.
        using var other = await web.Client.GetAsync(address + "0", Token);
        Assert.True(other.Headers.CacheControl?.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/studio/{name}");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var same = await web.Client.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var head = await web.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address), Token);
        Assert.Equal(answer.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task The_first_load_is_small_where_the_browser_decompresses()
    {
        using var client = new HttpClient(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = web.Client.BaseAddress,
        };
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        long bytes = (await client.GetByteArrayAsync("/studio", Token)).Length;
        foreach (var name in new[] { "studio.js", "studio.css" })
        {
            using var answer = await client.GetAsync($"/studio/{name}", Token);
            Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
            bytes += answer.Content.Headers.ContentLength!.Value;
            using var plain = await web.Client.GetAsync($"/studio/{name}", Token);
            Assert.Empty(plain.Content.Headers.ContentEncoding);
        }
        Assert.InRange(bytes, 1, MostCompressedBytes);
    }

    [Theory]
    [InlineData("/studio/index.html")]
    [InlineData("/studio/studio.ts")]
    [InlineData("/studio/..%2fappsettings.json")]
    [InlineData("/studio/%2e%2e/rewas.dll")]
    public async Task Other_files_are_not_there(string path)
    {
        using var answer = await web.Client.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_needs_no_key_but_what_it_asks_for_does()
    {
        await using var host = await WebHost.StartAsync(withKeys: true);
        using var page = await host.Client.GetAsync("/studio", Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        await host.Client.GetAsync("/v1/models", Token).RefusedAsync(401, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_read_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/studio");
        request.Headers.Add("Origin", "https://example.com");
        await web.Client.SendAsync(request, Token).RefusedAsync(403, "PERMISSION_DENIED");
    }
}
