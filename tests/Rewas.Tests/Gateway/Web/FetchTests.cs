using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rewas.Tests.Gateway.Web;

/// <summary>Files by URL. The server of the files is on this machine, in a network that the tests allow.</summary>
public sealed class FetchTests : IAsyncLifetime
{
    const int MostBytes = 200_000;

    static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(150_001);

    static readonly (string, string)[] On =
    [
        ("Web:Fetch:Enabled", "true"), ("Web:Fetch:MaxBytes", $"{MostBytes}"), ("Outgoing:AllowedNetworks:0", "127.0.0.1/32"),
    ];

    readonly TaskCompletionSource end = new();
    WebApplication? files;

    string Address => files!.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        files = builder.Build();
        files.MapGet("/clip.mp4", context =>
        {
            context.Response.ContentLength = Bytes.Length;
            return context.Response.Body.WriteAsync(Bytes).AsTask();
        });
        files.MapGet("/chunked.mp4", context => context.Response.Body.WriteAsync(Bytes).AsTask());
        files.MapGet("/large.mp4", context =>
        {
            context.Response.ContentLength = MostBytes + 1;
            return context.Response.Body.WriteAsync(new byte[MostBytes + 1]).AsTask();
        });
        files.MapGet("/large-chunked.mp4", context => context.Response.Body.WriteAsync(new byte[MostBytes + 1]).AsTask());
        files.MapGet("/endless.mp4", async context =>
        {
            await context.Response.Body.WriteAsync(Bytes);
            await Task.WhenAny(end.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
        });
        files.MapGet("/broken.mp4", async context =>
        {
            context.Response.ContentLength = Bytes.Length + 1;
            await context.Response.Body.WriteAsync(Bytes);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        files.MapGet("/to/{**place}", (HttpContext context, string place) => context.Response.Redirect(Uri.UnescapeDataString(place)));
        files.MapGet("/loop", (HttpContext context) => context.Response.Redirect("/loop"));
        files.MapGet("/nowhere", (HttpContext context) => context.Response.StatusCode = 302);
        await files.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_file_is_not_fetched_unless_the_server_allows_it()
    {
        await using var web = await WebHost.StartAsync();
        await FetchAsync(web.Client, $"{Address}/clip.mp4").RefusedAsync(
            409, "FAILED_PRECONDITION", "url: cannot be given: this server fetches no files");
    }

    [Theory]
    [InlineData("/clip.mp4", "clip.mp4")]
    [InlineData("/chunked.mp4", "chunked.mp4")]
    [InlineData("/to/%2Fclip.mp4", "clip.mp4")]
    public async Task A_file_is_fetched(string path, string name)
    {
        await using var web = await WebHost.StartAsync(On);
        var file = await FetchAsync(web.Client, Address + path).OkAsync();
        Assert.Equal(
            (name, Bytes.Length, true, Convert.ToHexStringLower(SHA256.HashData(Bytes))),
            (file.GetProperty("name").GetString(), file.GetProperty("bytes").GetInt32(), file.GetProperty("complete").GetBoolean(),
                file.GetProperty("sha256").GetString()));
        var id = file.GetProperty("id").GetString();
        Assert.Equal(Bytes, await web.Client.GetByteArrayAsync($"/v1/files/{id}", TestContext.Current.CancellationToken));
        // It is checked where it is used, as one that was sent.
        using var analysis = await web.Client.PostAsync($"/v1/files/{id}/analysis", null, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, analysis.StatusCode);
    }

    [Theory]
    [InlineData("http://10.0.0.1/clip.mp4", 400, "url: must name a public address")]
    [InlineData("http://169.254.169.254/latest/meta-data", 400, "url: must name a public address")]
    [InlineData("http://127.0.0.2:{port}/clip.mp4", 400, "url: must name a public address")]
    [InlineData("http://[::1]:{port}/clip.mp4", 400, "url: must name a public address")]
    [InlineData("{address}/to/http%3A%2F%2F127.0.0.2%3A{port}%2Fclip.mp4", 400, "url: must name a public address")]
    [InlineData("{address}/to/file%3A%2F%2F%2Fetc%2Fpasswd", 400, "url: must be http:// or https:// and a host")]
    [InlineData("file:///etc/passwd", 400, "url: must be http:// or https:// and a host")]
    [InlineData("ftp://127.0.0.1/clip.mp4", 400, "url: must be http:// or https:// and a host")]
    [InlineData("http://user:word@127.0.0.1:{port}/clip.mp4", 400, "url: must not hold a user name or password")]
    [InlineData("{address}/loop", 409, "url: must lead to a file over at most 5 redirects")]
    [InlineData("{address}/nowhere", 409, "url: leads nowhere")]
    [InlineData("{address}/to/%2F%2F%5B", 409, "url: leads nowhere")]
    [InlineData("{address}/none.mp4", 409, "url: must be answered with 200, but is answered with 404")]
    [InlineData("{address}/large.mp4", 429, "url: must give at most 200000 bytes")]
    [InlineData("{address}/large-chunked.mp4", 429, "url: must give at most 200000 bytes")]
    [InlineData("{address}/broken.mp4", 409, "url: cannot be fetched")]
    [InlineData("http://127.0.0.1:9/clip.mp4", 409, "url: cannot be fetched")]
    public async Task What_cannot_be_fetched_is_refused_in_one_line(string url, int status, string detail)
    {
        await using var web = await WebHost.StartAsync(On);
        using var answer = await FetchAsync(
            web.Client, url.Replace("{address}", Address, StringComparison.Ordinal)
                .Replace("{port}", $"{new Uri(Address).Port}", StringComparison.Ordinal));
        var problem = (await answer.JsonAsync()).GetProperty("detail").GetString()!;
        Assert.StartsWith(detail, problem, StringComparison.Ordinal);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public async Task A_name_of_a_private_address_is_refused()
    {
        await using var web = await WebHost.StartAsync(("Web:Fetch:Enabled", "true"));
        await FetchAsync(web.Client, $"http://localhost:{new Uri(Address).Port}/clip.mp4")
            .RefusedAsync(400, "INVALID_ARGUMENT", "url: must name a public address, but 'localhost' is");
    }

    [Fact]
    public async Task A_file_that_does_not_end_is_not_waited_for_longer_than_the_timeout()
    {
        await using var web = await WebHost.StartAsync([.. On, ("Web:Fetch:Timeout", "00:00:01")]);
        await FetchAsync(web.Client, $"{Address}/endless.mp4")
            .RefusedAsync(409, "FAILED_PRECONDITION", "url: must give the file within 1 s (Web:Fetch:Timeout)");
    }

    [Fact]
    public async Task A_fetched_file_counts_against_the_limits_of_its_caller()
    {
        await using var web = await WebHost.StartAsync(withKeys: true, On);
        using var small = web.As("small", entry => entry with { Limits = new() { UploadBytesPerCall = 100_000 } });
        await FetchAsync(small, $"{Address}/clip.mp4").RefusedAsync(429, "RESOURCE_EXHAUSTED", "UploadBytesPerCall");
    }

    [Fact]
    public async Task A_fetched_file_has_the_hash_that_was_announced()
    {
        await using var web = await WebHost.StartAsync(On);
        foreach (var name in new[] { "clip", "chunked" })
        {
            var url = $"{Address}/{name}.mp4";
            await web.Client.PostJsonAsync("/v1/files", new { url, sha256 = new string('0', 64) })
                .RefusedAsync(400, "INVALID_ARGUMENT", "sha256: must be 0000");
            await web.Client.PostJsonAsync("/v1/files", new { url, sha256 = Convert.ToHexStringLower(SHA256.HashData(Bytes)) }).OkAsync();
        }
        await web.Client.PostJsonAsync("/v1/files", new { url = Address, bytes = 7 })
            .RefusedAsync(400, "INVALID_ARGUMENT", "bytes: must be absent with a url");
        await web.Client.PostJsonAsync("/v1/files", new { name = "x" }).RefusedAsync(400, "INVALID_ARGUMENT", "bytes: must be given");
    }

    public async ValueTask DisposeAsync()
    {
        end.TrySetResult();
        await files!.DisposeAsync();
    }

    static Task<HttpResponseMessage> FetchAsync(HttpClient client, string url) => client.PostJsonAsync("/v1/files", new { url });
}
