using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Rewas.Tests.Services.Webhooks;

/// <summary>A receiver of webhooks on this machine.</summary>
sealed class WebhookReceiver : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<ReceivedWebhook> received = new();

    WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>What it answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<ReceivedWebhook> Received => [.. received];

    public string Url => app.Urls.Single() + "/hook";

    /// <param name="port">0 for any.</param>
    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(receiver.TakeAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        received.Enqueue(new(
            context.Request.Path, context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString(),
            context.Request.Headers["webhook-signature"].ToString(), Encoding.UTF8.GetString(body.ToArray())));
        await Answer(context);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

sealed record ReceivedWebhook(string Path, string Id, string Timestamp, string Signature, string Body)
{
    /// <summary>The signature that the specification asks for, computed without the package that signs.</summary>
    public string SignatureWith(string secret) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
        Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
}
