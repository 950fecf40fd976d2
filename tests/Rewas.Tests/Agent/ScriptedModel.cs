using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rewas.Tests.Agent;

/// <summary>An OpenAI-compatible server over real HTTP with prepared answers, one script per call. The last script repeats.</summary>
sealed class ScriptedModel : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Func<HttpContext, Task>> scripts;

    ScriptedModel(WebApplication app, ConcurrentQueue<Func<HttpContext, Task>> scripts) => (this.app, this.scripts) = (app, scripts);

    public string Address => app.Urls.Single() + "/v1";

    /// <summary>The requests as they came over the wire, without comparisons.</summary>
    public ConcurrentQueue<JsonNode> Requests { get; } = new();

    /// <summary>The answer to every comparison of a prompt with a caption. By default it finds nothing.</summary>
    public Func<HttpContext, Task> Comparison { get; set; } = Says("""{"mentions":[]}""");

    public ConcurrentQueue<JsonNode> Comparisons { get; } = new();

    public static async Task<ScriptedModel> StartAsync(params Func<HttpContext, Task>[] scripts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var model = new ScriptedModel(app, new(scripts));
        app.MapPost("/v1/chat/completions", model.AnswerAsync);
        await app.StartAsync();
        return model;
    }

    async Task AnswerAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        if ((string?)request["response_format"]?["json_schema"]?["name"] == "comparison")
        {
            Comparisons.Enqueue(request);
            await Comparison(context);
            return;
        }
        Requests.Enqueue(request);
        var script = scripts.Count > 1 && scripts.TryDequeue(out var next)
            ? next
            : scripts.TryPeek(out var last)
            ? last
            : throw new InvalidOperationException("no script");
        await script(context);
    }

    public static Func<HttpContext, Task> Says(params string[] words) => async context =>
    {
        Begin(context);
        foreach (var word in words)
            await ChunkAsync(context, new { role = "assistant", content = word }, null);
        await ChunkAsync(context, new { }, "stop");
        await context.Response.WriteAsync("data: [DONE]\n\n");
    };

    public static Func<HttpContext, Task> Calls(string function, string arguments) => async context =>
    {
        Begin(context);
        var middle = arguments.Length / 2;
        await ChunkAsync(
            context,
            new
            {
                role = "assistant",
                tool_calls = new[]
                {
                    new { index = 0, id = "call_1", type = "function", function = new { name = function, arguments = "" } },
                },
            },
            null);
        foreach (var part in (string[])[arguments[..middle], arguments[middle..]])
            await ChunkAsync(context, new { tool_calls = new[] { new { index = 0, function = new { arguments = part } } } }, null);
        await ChunkAsync(context, new { }, "tool_calls");
        await context.Response.WriteAsync("data: [DONE]\n\n");
    };

    public static Func<HttpContext, Task> DiesAfter(string words) => async context =>
    {
        Begin(context);
        await ChunkAsync(context, new { role = "assistant", content = words }, null);
        await context.Response.Body.FlushAsync();
        await Task.Delay(200);
        context.Abort();
    };

    public static Func<HttpContext, Task> Writes(string body) => async context =>
    {
        Begin(context);
        await context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Fails(int status) => async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync("{\"error\":{\"message\":\"down\"}}");
    };

    public static Func<HttpContext, Task> IsSilent() => async context =>
    {
        Begin(context);
        await context.Response.Body.FlushAsync();
        await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted).ContinueWith(_ => { });
    };

    static void Begin(HttpContext context) => context.Response.ContentType = "text/event-stream";

    static Task ChunkAsync(HttpContext context, object delta, string? finish) =>
        context.Response.WriteAsync("data: " + JsonSerializer.Serialize(new
        {
            id = "chatcmpl-1",
            @object = "chat.completion.chunk",
            created = 1,
            model = "scripted",
            choices = new[] { new { index = 0, delta, finish_reason = finish } },
        }) + "\n\n");

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        try
        {
            await app.StopAsync(atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // A script was still waiting.
        }
        await app.DisposeAsync();
    }
}
