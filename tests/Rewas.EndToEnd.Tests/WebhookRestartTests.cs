using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Rewas.EndToEnd.Tests.Jobs;

namespace Rewas.EndToEnd.Tests;

/// <summary>A server that is killed while a webhook is on its way.</summary>
public sealed class WebhookRestartTests
{
    [Fact]
    public async Task A_webhook_of_a_killed_server_is_sent_once_by_the_next_one()
    {
        using var folder = new TemporaryFolder();
        await RunAsync($"--Store:Folder={folder.File("store")}");
    }

    [Fact]
    public async Task A_webhook_of_a_killed_server_is_sent_once_from_PostgreSQL()
    {
        using var postgres = await PostgresCluster.StartAsync();
        using var folder = new TemporaryFolder();
        await RunAsync(
            $"--Store:Folder={folder.File("store")}", $"--Store:Postgres={postgres.Connection}",
            $"--Webhooks:Key={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}");
    }

    static async Task RunAsync(params string[] store)
    {
        var (port, webPort, hookPort) = (Programs.FreePort(), Programs.FreePort(), Programs.FreePort());
        string[] arguments =
        [
            "--web", $"http://127.0.0.1:{webPort}", "--", "--Outgoing:AllowedNetworks:0=127.0.0.0/8", "--Webhooks:AllowHttp=true",
            "--Webhooks:PollInterval=00:00:00.100", .. store,
        ];
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}"), Timeout = Wait.Patience };
        string secret, path;
        using (var killed = await ServiceProcess.ServeAsync(port, arguments))
        {
            secret = (await PostAsync(client, "/v1/webhooks/secrets", null)).GetProperty("secret").GetString()!;
            var webhook = $"http://127.0.0.1:{hookPort}/hook";
            var order = JsonContent.Create(new { seconds = 0.5, prompt = "rain", steps = 1, webhook });
            path = "/v1/sounds/" + (await PostAsync(client, "/v1/sounds", order)).GetProperty("id").GetString();
            // The receiver is down, so the first attempt fails.
            await Wait.UntilAsync(
                async () => await DeliveriesAsync(client, path) is [var only] && Attempts(only) > 0, "the first attempt");
        }
        var received = new ConcurrentQueue<(string Id, string Timestamp, string Signature, string Body)>();
        await using var receiver = await ReceiverAsync(hookPort, received);
        using var next = await ServiceProcess.ServeAsync(port, arguments);
        await Wait.UntilAsync(
            async () => (await DeliveriesAsync(client, path))[0].GetProperty("status").GetString() == "delivered", "the delivery");

        var hook = Assert.Single(received);
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signed = Encoding.UTF8.GetBytes($"{hook.Id}.{hook.Timestamp}.{hook.Body}");
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)), hook.Signature);
        Assert.Equal("sound.completed", JsonDocument.Parse(hook.Body).RootElement.GetProperty("type").GetString());
        await PostAsync(client, $"{path}/webhooks/{hook.Id}/replay", null);
        await Wait.UntilAsync(() => received.Count == 2, "the replay");
        Assert.Single(received.Select(one => (one.Id, one.Body)).Distinct());
    }

    static async Task<WebApplication> ReceiverAsync(
        int port, ConcurrentQueue<(string Id, string Timestamp, string Signature, string Body)> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var receiver = builder.Build();
        receiver.MapPost("/hook", async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            received.Enqueue((
                headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(),
                await body.ReadToEndAsync(context.RequestAborted)));
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    static int Attempts(JsonElement delivery) => delivery.GetProperty("attempts").GetArrayLength();

    static async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(HttpClient client, string sound)
    {
        var list = await client.GetFromJsonAsync<JsonElement>($"{sound}/webhooks", TestContext.Current.CancellationToken);
        return [.. list.GetProperty("data").EnumerateArray()];
    }

    static async Task<JsonElement> PostAsync(HttpClient client, string path, HttpContent? body)
    {
        using var answer = await client.PostAsync(path, body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
