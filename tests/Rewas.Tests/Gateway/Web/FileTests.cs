using System.Net;
using System.Security.Cryptography;

namespace Rewas.Tests.Gateway.Web;

public sealed class FileTests
{
    static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(700_001);

    [Fact]
    public async Task A_file_is_sent_whole_and_read_in_parts()
    {
        await using var web = await WebHost.StartAsync();
        var sent = await web.Client.SendFileAsync(Bytes, "a.mp4").OkAsync();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Bytes)), sent.GetProperty("sha256").GetString());
        Assert.True(sent.GetProperty("complete").GetBoolean());
        var path = $"/v1/files/{sent.GetProperty("id").GetString()}";

        Assert.Equal(Bytes, await web.Client.GetByteArrayAsync(path, TestContext.Current.CancellationToken));
        foreach (var (from, to, first, count) in new (long?, long?, int, int)[]
        {
            (0, 0, 0, 1), (10, 600_000, 10, 599_991), (700_000, null, 700_000, 1), (null, 5, 699_996, 5),
            (699_000, 9_000_000, 699_000, 1001),
        })
        {
            using var part = await web.Client.GetRangeAsync(path, from, to);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal($"bytes {first}-{first + count - 1}/{Bytes.Length}", part.Content.Headers.ContentRange!.ToString());
            Assert.Equal(
                Bytes[first..(first + count)], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
        using var beyond = await web.Client.GetRangeAsync(path, Bytes.Length, null);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using var head = await web.Client.SendAsync(
            new(HttpMethod.Head, path), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(Bytes.Length, head.Content.Headers.ContentLength);
        using var known = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { head.Headers.ETag! } } };
        Assert.Equal(
            HttpStatusCode.NotModified, (await web.Client.SendAsync(known, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_form_carries_a_file()
    {
        await using var web = await WebHost.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("x"), "note" }, { new ByteArrayContent(Bytes), "file", "b.mp4" },
        };
        var sent = await web.Client.PostAsync("/v1/files", form, TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal(
            ("b.mp4", Bytes.Length, true),
            (sent.GetProperty("name").GetString(), sent.GetProperty("bytes").GetInt32(), sent.GetProperty("complete").GetBoolean()));
        Assert.Equal(
            Bytes, await web.Client.GetByteArrayAsync($"/v1/files/{sent.GetProperty("id")}", TestContext.Current.CancellationToken));

        using var without = new MultipartFormDataContent { { new StringContent("x"), "note" } };
        await web.Client.PostAsync("/v1/files", without, TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "form: must have a part with a file name");
    }

    [Fact]
    public async Task An_announced_file_comes_in_parts()
    {
        await using var web = await WebHost.StartAsync();
        var file = (await web.Client.PostJsonAsync(
            "/v1/files", new { bytes = Bytes.Length, name = "c.mp4", sha256 = Convert.ToHexStringLower(SHA256.HashData(Bytes)) })
            .OkAsync()).GetProperty("id").GetString()!;
        await web.Client.GetAsync($"/v1/files/{file}", TestContext.Current.CancellationToken)
            .RefusedAsync(409, "FAILED_PRECONDITION", $"0 of {Bytes.Length} bytes have come");
        var total = Bytes.Length;
        var first = await web.Client.PutPartAsync(file, Bytes[..300_000], $"bytes 0-299999/{total}").OkAsync();
        Assert.Equal(300_000, first.GetProperty("received").GetInt32());
        await web.Client.PutPartAsync(file, Bytes[..10], $"bytes 0-9/{total}")
            .RefusedAsync(409, "FAILED_PRECONDITION", "offset: must be 300000");
        await web.Client.PutPartAsync(file, Bytes[..10], $"bytes 300000-300010/{total}")
            .RefusedAsync(400, "INVALID_ARGUMENT", "Content-Range: must have the length of the body, 10 bytes, but has 11");
        await web.Client.PutPartAsync(file, Bytes[..10], $"bytes 300000-300009/{total + 1}")
            .RefusedAsync(400, "INVALID_ARGUMENT", $"Content-Range: must name {total} bytes in total");
        await web.Client.PutPartAsync(file, Bytes[..10], "words").RefusedAsync(400, "INVALID_ARGUMENT", "Content-Range: must be written");
        Assert.Equal(
            300_000, (await web.Client.PutPartAsync(file, [], $"bytes */{total}").OkAsync()).GetProperty("received").GetInt32());
        var rest = await web.Client.PutPartAsync(file, Bytes[300_000..], $"bytes 300000-{total - 1}/{total}").OkAsync();
        Assert.True(rest.GetProperty("complete").GetBoolean());
        Assert.Equal(Bytes, await web.Client.GetByteArrayAsync($"/v1/files/{file}", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(Cut.HalfClosed)]
    [InlineData(Cut.Reset)]
    public async Task An_upload_that_breaks_off_ten_times_goes_on_where_it_stopped(Cut cut)
    {
        await using var web = await WebHost.StartAsync();
        await BreakOffTenTimesAsync(web, Bytes, cut);
    }

    [Theory(Explicit = true)]                                                // run it with -explicit on
    [InlineData(Cut.HalfClosed)]
    [InlineData(Cut.Reset)]
    public async Task A_gibibyte_that_breaks_off_ten_times_is_complete_and_equal(Cut cut)
    {
        await using var web = await WebHost.StartAsync();
        await BreakOffTenTimesAsync(web, RandomNumberGenerator.GetBytes(1 << 30), cut);
    }

    /// <summary>Sends a file, cutting the connection at ten random places.</summary>
    static async Task BreakOffTenTimesAsync(WebHost web, byte[] bytes, Cut cut)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var file = (await web.Client.PostJsonAsync("/v1/files", new { bytes = bytes.Length, sha256 }).OkAsync())
            .GetProperty("id").GetString()!;
        var random = new Random(5);
        var received = 0;
        for (var i = 0; i < 10; i++)
        {
            var end = received + random.Next(1, bytes.Length / 11);
            using var upload = await BrokenUpload.SendAsync(web.Address, file, bytes, received, end);
            upload.Break(cut);
            if (cut == Cut.HalfClosed)                                       // all bytes arrived before the end
                await Wait.UntilAsync(async () => await ReceivedAsync(web, file) == end, $"all {end} bytes are kept");
            received = await SettledAsync(web, file);
        }
        // A request that was reset may begin so late that the next one finds more bytes than it was told of.
        await Wait.UntilAsync(
            async () =>
            {
                received = await SettledAsync(web, file);
                using var sent = await web.Client.PutPartAsync(
                    file, bytes[received..], $"bytes {received}-{bytes.Length - 1}/{bytes.Length}");
                return sent.StatusCode != HttpStatusCode.Conflict
                    && (await Task.FromResult(sent).OkAsync()).GetProperty("complete").GetBoolean();
            },
            "the rest has come");
        await using var back = await web.Client.GetStreamAsync($"/v1/files/{file}", TestContext.Current.CancellationToken);
        Assert.Equal(sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_request_takes_over_from_one_that_has_fallen_silent()
    {
        await using var web = await WebHost.StartAsync();
        var file = (await web.Client.PostJsonAsync("/v1/files", new { bytes = Bytes.Length }).OkAsync()).GetProperty("id").GetString()!;
        using var silent = await BrokenUpload.SendAsync(web.Address, file, Bytes, 0, 200_000);
        // Its bytes are known while its connection lasts.
        await Wait.UntilAsync(async () => await ReceivedAsync(web, file) == 200_000, "the bytes of the silent request have come");
        var rest = await web.Client.PutPartAsync(file, Bytes[200_000..], $"bytes 200000-{Bytes.Length - 1}/{Bytes.Length}").OkAsync();
        Assert.True(rest.GetProperty("complete").GetBoolean());
        var answer = await silent.AnswerAsync();
        Assert.StartsWith("HTTP/1.1 409 Conflict", answer, StringComparison.Ordinal);
        Assert.Contains("a newer call goes on with this file", answer, StringComparison.Ordinal);
        Assert.Equal(Bytes, await web.Client.GetByteArrayAsync($"/v1/files/{file}", TestContext.Current.CancellationToken));
    }

    /// <summary>Asks how much has come, which ends requests that still send the file.</summary>
    static async Task<int> SettledAsync(WebHost web, string file) =>
        (await web.Client.PutPartAsync(file, [], "bytes */*").OkAsync()).GetProperty("received").GetInt32();

    static async Task<int> ReceivedAsync(WebHost web, string file)
    {
        var status = await web.Client.GetAsync($"/v1/files/{file}/status", TestContext.Current.CancellationToken).OkAsync();
        return status.GetProperty("received").GetInt32();
    }

    [Fact]
    public async Task A_wrong_digest_is_refused_and_a_repeated_request_has_one_effect()
    {
        await using var web = await WebHost.StartAsync();
        using var wrong = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent(Bytes) };
        wrong.Headers.Add("Repr-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData([1]))}:");
        await web.Client.SendAsync(wrong, TestContext.Current.CancellationToken).RefusedAsync(400, "INVALID_ARGUMENT", "sha256: must be");

        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var same = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent(Bytes) };
            same.Headers.Add("Idempotency-Key", "k");
            same.Headers.Add("Repr-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Bytes))}:");
            ids.Add((await web.Client.SendAsync(same, TestContext.Current.CancellationToken).OkAsync()).GetProperty("id").GetString()!);
        }
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task A_deleted_file_is_gone()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(Bytes);
        using var deleted = await web.Client.DeleteAsync($"/v1/files/{file}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await web.Client.GetAsync($"/v1/files/{file}", TestContext.Current.CancellationToken).RefusedAsync(404, "NOT_FOUND", file);
    }

    [Fact]
    public async Task A_quota_of_the_studio_refuses_by_name()
    {
        await using var web = await WebHost.StartAsync(("SoundStudio:MaxVideoBytes", "2000"));
        var problem = await web.Client.SendFileAsync(Bytes).RefusedAsync(429, "RESOURCE_EXHAUSTED", "MaxVideoBytes");
        Assert.Equal("bytes", problem.GetProperty("field").GetString());
    }
}
