using System.Net;
using Grpc.Core;
using Grpc.Net.Client;

namespace Rewas.Tests.Gateway.Web;

public sealed class AccessTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task Every_operation_needs_a_key_but_health_and_what_a_page_signs_in_with()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        foreach (var operation in await ApiOperation.AllAsync(web.Client))
        {
            using var request = operation.Request(ApiThings.None);
            if (operation.IsOpen)
            {
                using var answer = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(answer.IsSuccessStatusCode, operation.Name);
                Assert.Contains(operation.Name, (string[])["getHealth", "getSignIn", "deleteSession"]);
                continue;
            }
            await web.Client.SendAsync(request, TestContext.Current.CancellationToken)
                .RefusedAsync(401, "UNAUTHENTICATED", "a key or token must be given");
            using var wrong = operation.Request(ApiThings.None);
            wrong.Headers.Authorization = new("Bearer", "rewas_0123456789ab_x");
            await web.Client.SendAsync(wrong, TestContext.Current.CancellationToken)
                .RefusedAsync(401, "UNAUTHENTICATED", "the key is not known");
        }
    }

    [Fact]
    public async Task What_a_caller_has_does_not_exist_for_another()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var alice = web.As("alice");
        using var mallory = web.As("mallory");
        var file = await alice.FileAsync(Clip());
        var sound = (await alice.SoundAsync(new { file, prompt = "rain", steps = 1 })).GetProperty("id").GetString()!;
        var project = (await alice.PostJsonAsync("/v1/projects", new { name = "hers", document = new { files = new[] { file } } }).OkAsync())
            .GetProperty("id").GetString()!;
        var none = new string('0', 32);
        var (hers, nobodys) = (new ApiThings(file, sound) { Project = project }, new ApiThings(none, none) { Project = none });
        foreach (var operation in (await ApiOperation.AllAsync(web.Client)).Where(operation => operation.Name is not "createFile"
            and not "listModels" and not "getHealth" && !operation.IsOfCaller && !operation.IsOfLibrary))
        {
            // The answer is the one for something that was never there.
            var (found, nothing) = (await AnswerAsync(mallory, operation.Request(hers)),
                await AnswerAsync(mallory, operation.Request(nobodys)));
            Assert.Equal(nothing.Status, found.Status);
            Assert.Equal(nothing.Body, found.Body.Replace(file, none).Replace(sound, none).Replace(project, none));
            if (operation.Method != HttpMethod.Delete)
                Assert.Equal(HttpStatusCode.NotFound, found.Status);
            // A forged name is as good as none.
            using var forged = operation.Request(hers);
            forged.Headers.Add("rewas-caller", "alice");
            Assert.Equal(nothing.Status, (await AnswerAsync(mallory, forged)).Status);
        }
        await alice.GetAsync($"/v1/sounds/{sound}", TestContext.Current.CancellationToken).OkAsync();
        await alice.GetAsync($"/v1/projects/{project}", TestContext.Current.CancellationToken).OkAsync();
        // Keys of requests are a caller's own too.
        var order = new { file, prompt = "rain", steps = 1 };
        await alice.PostJsonAsync("/v1/sounds", order, ("Idempotency-Key", "k")).OkAsync();
        await mallory.PostJsonAsync("/v1/sounds", order, ("Idempotency-Key", "k")).RefusedAsync(404, "NOT_FOUND");
    }

    /// <summary>Its call to the studio has a stream that stays for a while on a connection which all callers share.</summary>
    [Fact]
    public async Task A_request_that_is_answered_before_its_end_counts_as_in_progress_for_a_while()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var hasty = web.As("hasty", entry => entry with { Limits = new() { ConcurrentCalls = 1 } });
        await hasty.GetAsync("/v1/me", TestContext.Current.CancellationToken).OkAsync();
        using (var left = await BrokenUpload.SendAsync(
            web.Address, new('0', 32), new byte[1000], from: 0, cut: 10, $"Authorization: {hasty.DefaultRequestHeaders.Authorization}\r\n"))
        {
            Assert.StartsWith("HTTP/1.1 404", await left.FirstLineAsync(), StringComparison.Ordinal);
            await hasty.GetAsync("/v1/me", TestContext.Current.CancellationToken).RefusedAsync(429, "RESOURCE_EXHAUSTED", "in progress");
        }
        await Wait.UntilAsync(
            async () => (await hasty.GetAsync("/v1/me", TestContext.Current.CancellationToken)).IsSuccessStatusCode, "its place is free");
        // One whose end has come gives its place back at once, also if nobody has read it.
        for (var i = 0; i < 3; i++)
            await hasty.PutPartAsync(new('0', 32), new byte[1000], "bytes 0-999/1000").RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Rights_are_those_of_the_methods_that_a_route_calls()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var reader = web.As("reader", entry => entry with { Methods = ["rewas.v1.SoundStudio/GetVideo"] });
        using var nobody = web.As("nobody", entry => entry with { Methods = [] });
        await reader.GetAsync("/v1/files/none/status", TestContext.Current.CancellationToken).RefusedAsync(404, "NOT_FOUND");
        await reader.SendFileAsync([1]).RefusedAsync(
            403, "PERMISSION_DENIED", "reader may not call rewas.v1.SoundStudio/CreateVideo");
        foreach (var operation in (await ApiOperation.AllAsync(web.Client)).Where(
            operation => !operation.IsOpen && !operation.CallsNoService))
        {
            using var request = operation.Request(ApiThings.None);
            await nobody.SendAsync(request, TestContext.Current.CancellationToken)
                .RefusedAsync(403, "PERMISSION_DENIED", "nobody may not call rewas.v1.");
        }
    }

    [Fact]
    public async Task A_stream_of_events_ends_when_its_key_is_revoked()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var gone = web.As("gone");
        // It would take minutes.
        var order = new { seconds = 60, prompt = "rain", steps = 1000, candidates = 8 };
        var sound = (await gone.PostJsonAsync("/v1/sounds", order).OkAsync()).GetProperty("id").GetString();
        using var events = await gone.GetAsync(
            $"/v1/sounds/{sound}/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(events.IsSuccessStatusCode);

        web.Revoke("gone");

        // The answer has begun, so it is broken off, or it ends without the last event.
        var text = "";
        await Record.ExceptionAsync(async () => text = await events.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain("event: done", text, StringComparison.Ordinal);
        await gone.GetAsync("/v1/models", TestContext.Current.CancellationToken).RefusedAsync(401, "UNAUTHENTICATED", "the key is revoked");
    }

    [Fact]
    public async Task Limits_refuse_and_say_when_to_try_again()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var busy = web.As("busy", entry => entry with { Limits = new() { CallsPerDay = 4 } });
        using var large = web.As("large", entry => entry with { Limits = new() { UploadBytesPerCall = 100_000 } });
        await large.SendFileAsync(new byte[200_000]).RefusedAsync(429, "RESOURCE_EXHAUSTED", "UploadBytesPerCall");
        await busy.GetAsync("/v1/models", TestContext.Current.CancellationToken).OkAsync();
        HttpResponseMessage answer;
        var calls = 1;
        do
            answer = await busy.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        while (answer.IsSuccessStatusCode && ++calls <= 4);
        using (answer)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.FromHours(23));
            Assert.Contains("CallsPerDay", (await answer.JsonAsync()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_address_serves_its_own_face_alone()
    {
        await using var web = await WebHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(web.Address);
        await Assert.ThrowsAsync<RpcException>(
            () => new V1.Vocoder.VocoderClient(channel).DescribeAsync(new(), deadline: DateTime.UtcNow.AddMinutes(1)).ResponseAsync);
        // A gRPC path over HTTP/1.1 is no route, whatever the host matches elsewhere.
        using var call = new HttpRequestMessage(HttpMethod.Post, "/rewas.v1.SoundStudio/DescribeStudio")
        {
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new("application/grpc") } },
        };
        await web.Client.SendAsync(call, TestContext.Current.CancellationToken).RefusedAsync(404, "NOT_FOUND", "there is no such route");

        using var http2 = new HttpClient { BaseAddress = web.Grpc };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/health")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await http2.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.NotEqual("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_site_cannot_use_a_server_without_keys(string header, string value)
    {
        await using var web = await WebHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent([1]) };
        request.Headers.TryAddWithoutValidation(header, value);
        await web.Client.SendAsync(request, TestContext.Current.CancellationToken).RefusedAsync(403, "PERMISSION_DENIED");
        using var own = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent([1]) };
        own.Headers.TryAddWithoutValidation("Origin", web.Address.GetLeftPart(UriPartial.Authority));
        own.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        await web.Client.SendAsync(own, TestContext.Current.CancellationToken).OkAsync();
    }

    byte[] Clip() => File.ReadAllBytes(clips.Make(
        $"{Guid.NewGuid():N}.mp4", "testsrc2=size=128x96:rate=25:duration=1", "-c:v", "libx264", "-g", "15"));

    static async Task<(HttpStatusCode Status, string Body)> AnswerAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
