using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Rewas.EndToEnd.Tests;

/// <summary><c>rewas models pull clip</c> against a server that does what servers should not.</summary>
public sealed class ClipPullTests : IAsyncLifetime
{
    const int MostBytes = 200_000;

    readonly TemporaryFolder folder = new();
    readonly List<string> ranges = [];
    byte[] weights = Tensors(100_000);
    int drops;
    bool liesAboutLength;
    WebApplication server = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/model.safetensors", ServeAsync);
        server.MapGet("/vocab.json", () => Results.Text("{}"));
        server.MapGet("/merges.txt", () => Results.Text("a b\n"));
        await server.StartAsync();
        Announce("model.safetensors");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_download_that_broke_off_is_resumed_and_its_hash_is_told_and_noted()
    {
        drops = 2;
        // The tensors are none of CLIP's, so the import refuses them, and names what is missing.
        var outcome = await PullAsync("clip_image");
        var hash = Convert.ToHexStringLower(SHA256.HashData(weights));
        Assert.Contains($"first download of model.safetensors: SHA-256 {hash}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"{hash}  model.safetensors\n", File.ReadAllText(Downloaded("SHA256SUMS")), StringComparison.Ordinal);
        Assert.Equal(3, ranges.Count);
        Assert.All(ranges[1..], range => Assert.Matches("^bytes=[1-9]", range));

        File.Delete(Downloaded("model.safetensors"));
        weights = Tensors(100_001);
        await PullAsync($"model.safetensors: must have SHA-256 {hash}");
    }

    [Fact]
    public async Task A_file_that_may_hold_code_is_refused_and_deleted()
    {
        weights = [.. "PK\u0003\u0004"u8, .. new byte[1000]];
        await PullAsync("model.safetensors: must be a file of tensors (safetensors), but what came is something else; it was deleted");
        Assert.False(File.Exists(Downloaded("model.safetensors")));
        Assert.False(File.Exists(Downloaded("SHA256SUMS")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_above_the_limit_is_refused_whatever_length_is_announced(bool lies)
    {
        (weights, liesAboutLength) = (Tensors(2 * MostBytes), lies);
        await PullAsync($"model.safetensors: must have at most {MostBytes} bytes");
    }

    [Fact]
    public async Task Locations_of_other_formats_are_refused()
    {
        Announce("model.ckpt");
        await PullAsync("locations: must name .safetensors, .json and .txt files only for clip");
    }

    string Downloaded(string name) => Path.Combine(folder.File("downloads"), name);

    void Announce(string file) => File.WriteAllText(folder.File("mirror.json"), JsonSerializer.Serialize(new
    {
        name = "clip",
        files = new[]
        {
            new { name = "clip", file, url = $"{server.Urls.First()}/model.safetensors", mostBytes = MostBytes },
            new { name = "clip-tokenizer", file = "vocab.json", url = $"{server.Urls.First()}/vocab.json", mostBytes = 1000 },
            new { name = "clip-tokenizer", file = "merges.txt", url = $"{server.Urls.First()}/merges.txt", mostBytes = 1000 },
        },
    }));

    async Task ServeAsync(HttpContext context)
    {
        var range = context.Request.Headers.Range.ToString();
        ranges.Add(range);
        var from = RangeHeaderValue.TryParse(range, out var asked) ? (int)asked.Ranges.Single().From!.Value : 0;
        context.Response.Headers.ETag = "\"one\"";
        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{weights.Length - 1}/{weights.Length}";
        }
        if (!liesAboutLength)
            context.Response.ContentLength = weights.Length - from;
        if (drops-- > 0)
        {
            await context.Response.Body.WriteAsync(weights.AsMemory(from, 20_000));
            await context.Response.Body.FlushAsync();
            // What a client has not read yet is lost with the connection.
            await Wait.UntilAsync(
                () => new FileInfo(Downloaded("model.safetensors.part")) is { Exists: true, Length: var there } && there > from,
                "the client has written what it got");
            context.Abort();
            return;
        }
        await context.Response.Body.WriteAsync(weights.AsMemory(from));
    }

    async Task<Outcome> PullAsync(string said)
    {
        var outcome = await Programs.RewasAsync(
        [
            "models", "pull", "clip", "--locations", folder.File("mirror.json"), "--downloads", folder.File("downloads"),
            "-o", folder.File("bundle"),
        ]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        return outcome;
    }

    /// <summary>A file of tensors with one of bytes.</summary>
    static byte[] Tensors(int bytes)
    {
        var header = Encoding.ASCII.GetBytes($"{{\"some\":{{\"dtype\":\"U8\",\"shape\":[{bytes}],\"data_offsets\":[0,{bytes}]}}}}");
        var file = new byte[sizeof(ulong) + header.Length + bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, sizeof(ulong));
        return file;
    }
}
