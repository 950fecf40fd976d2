using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Rewas.Tests.Gateway.Web;

public sealed class ToolTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task A_conversation_adds_sound_to_a_film_by_tools_alone()
    {
        await using var web = await WebHost.StartAsync();
        await using var tools = await ConnectAsync(web.Client);
        string[] names =
        [
            "add_sound", "analyse", "cancel_job", "check_prompt", "create_upload", "edit_sound", "export_sound", "get_job", "inspect_video",
            "preflight", "search_sounds",
        ];
        var listed = await tools.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(names, listed.Select(tool => tool.Name).Order());

        var options = Assert.Single(await tools.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken));
        var page = await options.ReadAsync(cancellationToken: TestContext.Current.CancellationToken);
        var about = Assert.IsType<TextResourceContents>(Assert.Single(page.Contents)).Text;
        Assert.Contains("- `seed`: ", about, StringComparison.Ordinal);
        Assert.Contains("- `gain ", about, StringComparison.Ordinal);
        Assert.Equal(
            ["add_sound_to_film"],
            (await tools.ListPromptsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(prompt => prompt.Name));

        Assert.True((await CallAsync(tools, "preflight")).GetProperty("ready").GetBoolean());
        var bytes = await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken);
        var upload = await CallAsync(tools, "create_upload", ("name", "clip.mp4"), ("bytes", bytes.Length));
        var file = upload.GetProperty("file").GetString()!;
        await web.Client.PutPartAsync(file, bytes, $"bytes 0-{bytes.Length - 1}/{bytes.Length}").OkAsync();
        Assert.Equal(2, (await CallAsync(tools, "inspect_video", ("file", file))).GetProperty("seconds").GetDouble());
        Assert.InRange((await CallAsync(tools, "analyse", ("file", file))).GetProperty("decibels").GetArrayLength(), 100, 200);

        // The order of the check holds.
        Assert.Contains(
            "check_prompt", await RefusedAsync(tools, "add_sound", ("file", file), ("prompt", "rain")), StringComparison.Ordinal);
        await CallAsync(tools, "check_prompt", ("file", file), ("prompt", "rain"));
        Assert.Contains(
            "check_prompt", await RefusedAsync(tools, "add_sound", ("file", file), ("prompt", "Rain")), StringComparison.Ordinal);

        var steps = new List<ProgressNotificationValue>();
        var made = await CallAsync(
            tools, "add_sound", new Watcher(steps), ("file", file), ("prompt", "rain"), ("options", new { steps = 3, seed = 7 }),
            ("make_anyway", true), ("wait_seconds", 170));
        Assert.Equal("succeeded", made.GetProperty("status").GetString());
        lock (steps)
            Assert.NotEmpty(steps);
        var edited = await CallAsync(
            tools, "edit_sound", ("job", made.GetProperty("job").GetString()!), ("edits", new[] { "gain 1s..2s=-6dB" }),
            ("wait_seconds", 170));
        Assert.NotEqual(made.GetProperty("candidates")[0].ToString(), edited.GetProperty("candidates")[0].ToString());
        var job = edited.GetProperty("job").GetString()!;
        Assert.Equal("succeeded", (await CallAsync(tools, "get_job", ("job", job))).GetProperty("status").GetString());

        var answer = await AnswerAsync(tools, "export_sound", null, ("job", job), ("format", "wav"));
        var link = Assert.Single(answer.Content.OfType<ResourceLinkBlock>());
        Assert.Equal("audio/wav", link.MimeType);
        var exported = await web.Client.GetByteArrayAsync(link.Uri, TestContext.Current.CancellationToken);
        Assert.Equal([.. "RIFF"u8], exported[..4]);
        Assert.All(answer.Content.OfType<TextContentBlock>(), text => Assert.True(text.Text.Length < 1000));
    }

    [Fact]
    public async Task Work_is_answered_with_a_job_that_can_be_cancelled()
    {
        await using var web = await WebHost.StartAsync();
        await using var tools = await ConnectAsync(web.Client);
        var started = await CallAsync(tools, "add_sound", ("prompt", "rain"), ("seconds", 12), ("options", new { steps = 1000 }));
        Assert.Contains(started.GetProperty("status").GetString(), new[] { "queued", "running" });
        var cancelled = await CallAsync(tools, "cancel_job", ("job", started.GetProperty("job").GetString()!));
        Assert.Equal("cancelled", cancelled.GetProperty("status").GetString());
        Assert.StartsWith(
            "FAILED_PRECONDITION: render_id: ",
            await RefusedAsync(tools, "export_sound", ("job", started.GetProperty("job").GetString()!)), StringComparison.Ordinal);
        Assert.StartsWith(
            "INVALID_ARGUMENT: steps: must be from 1 to 1000, but is 0",
            await RefusedAsync(tools, "add_sound", ("prompt", "rain"), ("seconds", 1), ("options", new { steps = 0 })),
            StringComparison.Ordinal);
        Assert.StartsWith("NOT_FOUND: ", await RefusedAsync(tools, "get_job", ("job", "none")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_need_a_key_and_a_callers_jobs_are_its_own()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ConnectAsync(web.Client));
        using var alice = web.As("alice");
        using var mallory = web.As("mallory");
        await using var hers = await ConnectAsync(alice);
        await using var his = await ConnectAsync(mallory);
        var started = await CallAsync(hers, "add_sound", ("prompt", "rain"), ("seconds", 1), ("options", new { steps = 1 }));
        var job = started.GetProperty("job");
        foreach (var tool in new[] { "get_job", "cancel_job", "export_sound", "edit_sound" })
            Assert.StartsWith("NOT_FOUND: ", await RefusedAsync(his, tool, ("job", job.GetString()!)), StringComparison.Ordinal);
        await CallAsync(hers, "get_job", ("job", job.GetString()!));
    }

    [Fact]
    public async Task A_message_over_its_limit_is_refused_before_it_is_read()
    {
        await using var web = await WebHost.StartAsync();
        using var request = Message("application/json", new string(' ', (1 << 20) + 1));
        request.Headers.ExpectContinue = true;
        await web.Client.SendAsync(request, TestContext.Current.CancellationToken)
            .RefusedAsync(413, "INVALID_ARGUMENT", $"{1 << 20} bytes");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=none")]
    [InlineData(null)]
    public async Task A_message_that_is_not_JSON_in_UTF8_is_refused(string? type)
    {
        await using var web = await WebHost.StartAsync();
        using var request = Message(type, "{}");
        await web.Client.SendAsync(request, TestContext.Current.CancellationToken)
            .RefusedAsync(415, "INVALID_ARGUMENT", "Content-Type: must be application/json");
    }

    static HttpRequestMessage Message(string? type, string text)
    {
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text));
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new(HttpMethod.Post, "/mcp") { Content = content, Headers = { { "Accept", "application/json, text/event-stream" } } };
    }

    static Task<McpClient> ConnectAsync(HttpClient client) => McpClient.CreateAsync(
        new HttpClientTransport(
            new() { Endpoint = new Uri(client.BaseAddress!, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, client,
            ownsHttpClient: false),
        cancellationToken: TestContext.Current.CancellationToken);

    static Task<JsonElement> CallAsync(McpClient tools, string name, params (string Name, object Value)[] arguments) =>
        CallAsync(tools, name, null, arguments);

    static async Task<JsonElement> CallAsync(
        McpClient tools, string name, IProgress<ProgressNotificationValue>? progress, params (string Name, object Value)[] arguments)
    {
        var answer = await AnswerAsync(tools, name, progress, arguments);
        var text = Assert.IsType<TextContentBlock>(answer.Content[0]).Text;
        Assert.True(answer.IsError is not true, $"{name}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    static async Task<string> RefusedAsync(McpClient tools, string name, params (string Name, object Value)[] arguments)
    {
        var answer = await AnswerAsync(tools, name, null, arguments);
        var text = Assert.IsType<TextContentBlock>(answer.Content[0]).Text;
        Assert.True(answer.IsError, $"{name}: {text}");
        return text;
    }

    static async Task<CallToolResult> AnswerAsync(
        McpClient tools, string name, IProgress<ProgressNotificationValue>? progress, params (string Name, object Value)[] arguments) =>
        await tools.CallToolAsync(
            name, arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value), progress,
            cancellationToken: TestContext.Current.CancellationToken);

    sealed class Watcher(List<ProgressNotificationValue> seen) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
            lock (seen)
                seen.Add(value);
        }
    }
}
