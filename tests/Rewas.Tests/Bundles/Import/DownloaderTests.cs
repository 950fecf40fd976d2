using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Rewas.Bundles.Import;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Bundles.Import;

public sealed class DownloaderTests : IAsyncLifetime
{
    static readonly byte[] Content = RandomNumberGenerator.GetBytes(1_000_000);

    readonly TemporaryFolder folder = new();
    readonly HttpClient http = new();
    readonly List<string> ranges = [];
    WebApplication server = null!;
    int dropAfter = int.MaxValue, drops;
    string tag = "\"one\"";
    HttpStatusCode? answer;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        server = builder.Build();
        server.MapGet("/file", Serve);
        await server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_file_arrives_whole_and_is_not_asked_for_again()
    {
        var path = await DownloadAsync(File1 with { Bytes = Content.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content)) });
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Path));
        await DownloadAsync(File1);
        Assert.Equal([""], ranges);
    }

    [Fact]
    public async Task A_dropped_connection_is_taken_up_where_it_broke()
    {
        (dropAfter, drops) = (300_000, 2);
        Assert.Equal(Content, File.ReadAllBytes(await DownloadAsync(File1)));
        Assert.Equal(3, ranges.Count);
        Assert.All(ranges[1..], range => Assert.Matches(@"^bytes=\d{3,6}-$", range));
    }

    [Fact]
    public async Task The_next_start_goes_on_too_but_not_with_another_file()
    {
        (dropAfter, drops) = (100_000, 100);
        var fault = await Assert.ThrowsAsync<InputFault>(() => DownloadAsync(File1 with { Bytes = null }, attemptsAreQuick: true));
        Assert.Contains("the next start goes on", fault.Message);
        var begun = new FileInfo(folder.File("file.bin.part")).Length;
        Assert.InRange(begun, 1, Content.Length - 1);

        (drops, tag) = (0, "\"two\"");
        ranges.Clear();
        Assert.Equal(Content, File.ReadAllBytes(await DownloadAsync(File1)));
        Assert.Equal($"bytes={begun}-", Assert.Single(ranges));              // the rest was requested, and the whole new file was sent
    }

    [Fact]
    public async Task A_wrong_hash_or_length_is_refused_and_nothing_is_kept()
    {
        var wrongHash = await Assert.ThrowsAsync<InputFault>(() => DownloadAsync(File1 with { Sha256 = new('0', 64) }));
        Assert.Contains("must have SHA-256 0000", wrongHash.Message);
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), f => !f.EndsWith(".tag", StringComparison.Ordinal));
        var wrongLength = await Assert.ThrowsAsync<InputFault>(() => DownloadAsync(File1 with { Bytes = 5 }));
        Assert.Contains("must have 5 bytes, but", wrongLength.Message);
    }

    [Fact]
    public async Task A_file_that_is_there_already_must_have_the_hash_too()
    {
        File.WriteAllBytes(folder.File("file.bin"), [1]);
        var fault = await Assert.ThrowsAsync<InputFault>(
            () => DownloadAsync(File1 with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content)) }));
        Assert.Contains("which is there already, has", fault.Message);
        Assert.Empty(ranges);
    }

    [Fact]
    public async Task A_full_disk_is_told_before_anything_is_written()
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => DownloadAsync(File1, freeSpace: 999_999));
        Assert.Equal((FaultKind.Exhausted, "disk"), (fault.Kind, fault.Field));
        Assert.Contains("needs 1000000 bytes for file.bin, but 999999 are free", fault.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_at_once_and_a_passing_failure_is_tried_again()
    {
        answer = HttpStatusCode.NotFound;
        Assert.Equal(FaultKind.NotFound, (await Assert.ThrowsAsync<InputFault>(() => DownloadAsync(File1))).Kind);
        Assert.Single(ranges);
        answer = HttpStatusCode.ServiceUnavailable;
        ranges.Clear();
        await Assert.ThrowsAsync<InputFault>(() => DownloadAsync(File1, attemptsAreQuick: true));
        Assert.Equal(6, ranges.Count);
    }

    [Fact]
    public void The_built_in_locations_name_all_that_an_import_needs()
    {
        var published = PublishedFiles.BuiltIn();
        Assert.Equal("rewas-vggsound", published.Name);
        Assert.Equal(["phi", "rewas", "synchformer", "tokenizer"], published.Files.Select(f => f.Name).Distinct().Order());
        Assert.All(published.Files, f => Assert.Equal("https", f.Url.Scheme));
    }

    [Theory]
    [InlineData("""{"name": "x", "files": [{"name": "rewas", "file": "../x", "url": "https://h/x"}]}""")]
    [InlineData("""{"name": "x", "files": [{"name": "rewas", "file": "x", "url": "file:///etc/passwd"}]}""")]
    [InlineData("""{"name": "x", "files": [{"name": "rewas", "file": "x", "url": "http://h/x"}]}""")]
    [InlineData("""{"name": "x", "files": [{"name": "rewas", "file": "x", "url": "https://h/x", "sha256": "abc"}]}""")]
    [InlineData("""{"name": "x"}""")]
    [InlineData("nothing")]
    public void Locations_of_a_user_are_checked(string json)
    {
        File.WriteAllText(folder.File("mirror.json"), json);
        Assert.Equal("locations", Assert.Throws<InputFault>(() => PublishedFiles.Load(folder.File("mirror.json"))).Field);
    }

    PublishedFile File1 => new(
        "rewas",
        "file.bin",
        new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/file"));

    Task<string> DownloadAsync(PublishedFile file, bool attemptsAreQuick = false, long freeSpace = long.MaxValue) =>
        new Downloader(http, new Progress<ImportProgress>(), _ => freeSpace)
        {
            RetryDelay = TimeSpan.FromMilliseconds(attemptsAreQuick ? 5 : 50),
        }
            .DownloadAsync(file, folder.Path, TestContext.Current.CancellationToken);

    async Task Serve(HttpContext context)
    {
        ranges.Add(context.Request.Headers.Range.ToString());
        if (answer is { } status)
        {
            context.Response.StatusCode = (int)status;
            return;
        }
        if (drops-- > 0)
            context.Response.Body = new BreakingStream(context, dropAfter, folder.File("file.bin.part"));
        await Results.Bytes(Content, "application/octet-stream", entityTag: new EntityTagHeaderValue(tag), enableRangeProcessing: true)
            .ExecuteAsync(context);
    }

    /// <summary>Breaks the connection after this many bytes, once some of them are in the client's file.</summary>
    sealed class BreakingStream(HttpContext context, int rest, string partialFile) : MemoryStream
    {
        readonly long had = SizeOf(partialFile);
        readonly Stream inner = context.Response.Body;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var part = Math.Min(rest, buffer.Length);
            await inner.WriteAsync(buffer[..part], cancellationToken);
            if ((rest -= part) > 0)
                return;
            await inner.FlushAsync(cancellationToken);
            await Wait.UntilAsync(() => SizeOf(partialFile) > had, "the client has written what it got");
            context.Abort();
        }

        static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
    }
}
