using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rewas.Bundles;
using Rewas.Bundles.Import;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Bundles.Import;

public sealed class BundleArchiveTests : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    readonly TinyBundle bundle = new();
    readonly HttpClient http = new();
    WebApplication server = null!;
    byte[] archive = [];
    int served;

    public async ValueTask InitializeAsync()
    {
        archive = Zip([.. Directory.GetFiles(bundle.Bundle.Directory).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))]);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        server = builder.Build();
        server.MapGet("/bundle.zip", () =>
        {
            served++;
            return Results.Bytes(archive);
        });
        await server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        http.Dispose();
        bundle.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_bundle_arrives_checked_and_is_not_fetched_again()
    {
        var fetched = await FetchAsync();
        Assert.Equal(bundle.Bundle.Sha256, fetched.Sha256);
        Assert.Equal(bundle.Bundle.Sha256, (await FetchAsync()).Sha256);
        Assert.Equal(1, served);
        Assert.Equal([Output], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Processes_that_fetch_it_at_once_all_have_it()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FetchAsync()));
        Assert.All(all, one => Assert.Equal(bundle.Bundle.Sha256, one.Sha256));
        Assert.Equal([Output], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Another_hash_is_refused_and_leaves_nothing()
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => FetchAsync(new string('a', 64)));
        Assert.Contains($"must have SHA-256 {new string('a', 64)}", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_folder_with_another_bundle_is_refused()
    {
        await FetchAsync();
        var fault = await Assert.ThrowsAsync<InputFault>(() => FetchAsync(new string('b', 64)));
        Assert.Equal($"output: '{Output}' exists and was not fetched from an archive with SHA-256 {new string('b', 64)}", fault.Message);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("folder/file")]
    [InlineData("..")]
    [InlineData("C:\\outside")]
    public async Task A_file_that_would_lie_elsewhere_is_refused(string name)
    {
        archive = Zip([(name, [1])]);
        var fault = await Assert.ThrowsAsync<InputFault>(() => FetchAsync());
        Assert.StartsWith($"archive: file '{name}' must be a plain name", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_file_that_unpacks_to_too_much_is_refused()
    {
        archive = Zip([("bundle.json", new byte[10_000_000])]);
        var fault = await Assert.ThrowsAsync<InputFault>(() => FetchAsync(maximumBytes: 1_000_000));
        Assert.Equal("archive: must have at most 1000000 bytes unpacked, but has more", fault.Message);
    }

    [Fact]
    public async Task A_damaged_bundle_is_refused()
    {
        archive = Zip([
            .. Directory.GetFiles(bundle.Bundle.Directory)
                .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))
                .Where(file => file.Item1 != "vocoder.safetensors"),
        ]);
        var fault = await Assert.ThrowsAsync<InputFault>(() => FetchAsync());
        Assert.Contains("file 'vocoder.safetensors' is missing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_archive_is_refused()
    {
        archive = [1, 2, 3];
        Assert.StartsWith(
            "archive: is not a zip file", (await Assert.ThrowsAsync<InputFault>(() => FetchAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_argument_is_told()
    {
        var fault = await Assert.ThrowsAsync<InputFault>(
            () => BundleArchive.FetchAsync(new("file:///etc/passwd"), "abc", Output, Downloader(), CancellationToken.None));
        Assert.Equal(
            "url: must be http://... or https://..., but is 'file:///etc/passwd'; sha256: must be 64 hexadecimal digits, but is 'abc'",
            fault.Message);
    }

    string Output => Path.Combine(folder.Path, "bundle");

    Downloader Downloader() => new(http, new Progress<ImportProgress>());

    Task<Bundle> FetchAsync(string? sha256 = null, long maximumBytes = 1L << 30) => BundleArchive.FetchAsync(
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/bundle.zip"),
        sha256 ?? Convert.ToHexStringLower(SHA256.HashData(archive)),
        Output,
        Downloader(),
        TestContext.Current.CancellationToken,
        maximumBytes);

    static byte[] Zip(IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return bytes.ToArray();
    }
}
