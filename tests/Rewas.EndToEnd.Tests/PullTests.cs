using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rewas.EndToEnd.Tests;

/// <summary><c>rewas models pull</c> takes no file of which nobody has said what it must be.</summary>
public sealed class PullTests : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    byte[] served = [1, 2, 3];
    WebApplication? server;

    string Hash => Convert.ToHexStringLower(SHA256.HashData(served));

    string Sums => Path.Combine(folder.File("downloads"), "SHA256SUMS");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/phi.ckpt", () => Results.Bytes(served));
        await server.StartAsync();
        File.WriteAllText(folder.File("mirror.json"), JsonSerializer.Serialize(new
        {
            name = "mirrored",
            files = new[] { new { name = "phi", file = "phi.ckpt", url = $"{server.Urls.First()}/phi.ckpt" } },
        }));
    }

    [Fact]
    public async Task A_file_without_a_hash_is_refused_before_it_is_downloaded()
    {
        await PullAsync("sha256: is not known of phi.ckpt: give --sha256 FILE=HASH for each, or --trust-first-download");
        Assert.False(Directory.Exists(folder.File("downloads")));
    }

    [Fact]
    public async Task A_file_with_another_hash_is_refused()
    {
        await PullAsync("phi.ckpt: must have SHA-256 0000", "--sha256", $"phi.ckpt={new string('0', 64)}");
        Assert.False(File.Exists(Sums));
    }

    [Fact]
    public async Task The_first_download_is_noted_and_the_next_must_be_the_same()
    {
        // The file is no checkpoint, so the import refuses it. It was accepted as a download.
        await PullAsync("phi.ckpt: is no safetensors file", "--trust-first-download");
        Assert.Equal($"{Hash}  phi.ckpt\n", File.ReadAllText(Sums));
        var first = Hash;

        File.Delete(Path.Combine(folder.File("downloads"), "phi.ckpt"));
        served = [4, 5, 6];
        await PullAsync($"phi.ckpt: must have SHA-256 {first}", "--trust-first-download");

        File.WriteAllBytes(Path.Combine(folder.File("downloads"), "phi.ckpt"), [7]);
        await PullAsync("which is there already, has");
    }

    [Theory]
    [InlineData("phi.ckpt")]
    [InlineData("phi.ckpt=abc")]
    [InlineData("other.ckpt=0000000000000000000000000000000000000000000000000000000000000000")]
    public Task A_hash_that_is_none_is_told(string given) => PullAsync("sha256: ", "--sha256", given);

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        folder.Dispose();
    }

    async Task PullAsync(string said, params string[] more)
    {
        var outcome = await Programs.RewasAsync(
        [
            "models", "pull", "mirrored", "--locations", folder.File("mirror.json"), "--downloads", folder.File("downloads"),
            "-o", folder.File("bundle"), .. more,
        ]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(outcome.ErrorLines, line => line.Contains(said, StringComparison.Ordinal));
    }
}
