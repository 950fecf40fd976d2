using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>
/// Tests against a listener that knows only these requests of S3. With REWAS_TEST_S3=http://HOST:PORT/BUCKET they also run against a store
/// (with credentials as the AWS SDK finds them).
/// </summary>
public sealed class S3FilesTests
{
    const string AccessKey = "AWS_ACCESS_KEY_ID", SecretKey = "AWS_SECRET_ACCESS_KEY";

    [Fact]
    public async Task Files_are_stored_read_and_deleted_by_signed_requests_to_the_bucket()
    {
        Environment.SetEnvironmentVariable(AccessKey, Environment.GetEnvironmentVariable(AccessKey) ?? "S3RVER");
        Environment.SetEnvironmentVariable(SecretKey, Environment.GetEnvironmentVariable(SecretKey) ?? "S3RVER");
        await using var listener = await Listener.StartAsync();
        await RoundTripAsync(listener.Address, "clips");
        Assert.Equal(
            [
                "PUT /clips/rewas/results/ab.wav",
                "GET /clips/rewas/results/ab.wav",
                "PUT /clips/rewas/results/ab.wav",
                "GET /clips/rewas/results/ab.wav",
                "DELETE /clips/rewas/results/ab.wav",
                "GET /clips/rewas/results/ab.wav",
                "DELETE /clips/rewas/results/ab.wav",
            ],
            listener.Requests.Select(request => request.Line));
        Assert.All(
            listener.Requests,
            request => Assert.StartsWith("AWS4-HMAC-SHA256 Credential=", request.Authorization, StringComparison.Ordinal));
        Assert.All(
            listener.Requests,
            request => Assert.Contains("/eu-central-1/s3/aws4_request", request.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_against_a_store()
    {
        if (Environment.GetEnvironmentVariable("REWAS_TEST_S3") is not { Length: > 0 } address)
            Assert.Skip("REWAS_TEST_S3 names no store");
        else
            await RoundTripAsync(address[..address.LastIndexOf('/')], address[(address.LastIndexOf('/') + 1)..]);
    }

    static async Task RoundTripAsync(string address, string bucket)
    {
        using var folder = new TemporaryFolder();
        using var files = new S3Files(Options.Create(
            new StoreOptions { S3 = new() { Bucket = bucket, ServiceUrl = address, Region = "eu-central-1", Prefix = "rewas/" } }));
        foreach (var bytes in (byte[][])[[.. Encoding.ASCII.GetBytes("sound")], new byte[300_000]])
        {
            await File.WriteAllBytesAsync(folder.File("a"), bytes, TestContext.Current.CancellationToken);
            await files.StoreAsync("results/ab.wav", folder.File("a"), TestContext.Current.CancellationToken);
            await using var stream = await files.OpenAsync("results/ab.wav", TestContext.Current.CancellationToken);
            var read = new MemoryStream();
            await stream.CopyToAsync(read, TestContext.Current.CancellationToken);
            Assert.Equal(bytes, read.ToArray());
        }
        await files.DeleteAsync("results/ab.wav", TestContext.Current.CancellationToken);
        var fault = await Assert.ThrowsAsync<InputFault>(() => files.OpenAsync("results/ab.wav", TestContext.Current.CancellationToken));
        Assert.Equal((FaultKind.NotFound, "file: 'results/ab.wav' is not in the store any more"), (fault.Kind, fault.Message));
        await files.DeleteAsync("results/ab.wav", TestContext.Current.CancellationToken);
    }

    sealed class Listener(WebApplication app) : IAsyncDisposable
    {
        readonly ConcurrentDictionary<string, byte[]> objects = new();

        public string Address => app.Urls.Single();

        public ConcurrentQueue<(string Line, string Authorization)> Requests { get; } = new();

        public static async Task<Listener> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var listener = new Listener(app);
            app.Run(listener.AnswerAsync);
            await app.StartAsync();
            return listener;
        }

        public async ValueTask DisposeAsync() => await app.DisposeAsync();

        async Task AnswerAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!;
            Requests.Enqueue(($"{context.Request.Method} {path}", context.Request.Headers.Authorization.ToString()));
            switch (context.Request.Method)
            {
                case "PUT":
                    var body = new MemoryStream();
                    await context.Request.Body.CopyToAsync(body);
                    objects[path] = body.ToArray();
                    context.Response.Headers.ETag = "\"0\"";
                    break;
                case "GET" when objects.TryGetValue(path, out var content):
                    context.Response.ContentLength = content.Length;
                    await context.Response.Body.WriteAsync(content);
                    break;
                case "GET":
                    context.Response.StatusCode = 404;
                    await context.Response.WriteAsync(
                        "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>none</Message></Error>");
                    break;
                default:
                    objects.TryRemove(path, out _);
                    context.Response.StatusCode = 204;
                    break;
            }
        }
    }
}
