using System.Net;
using System.Text.Json;

namespace Rewas.Tests.Gateway.Web;

public sealed class LibraryRouteTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recording_of_the_library_is_found_heard_and_placed()
    {
        await using var web = await WebHost.StartAsync();
        var slam = await web.IndexAsync(web.Client, "door slam.wav");
        await web.IndexAsync(web.Client, "rain.wav");
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), Cancel));

        var found = (await GetAsync(web, "?q=door+slam")).GetProperty("data")[0];
        Assert.Equal((slam, "door slam.wav"), (found.GetProperty("id").GetString(), found.GetProperty("name").GetString()));
        Assert.Equal(["door", "slam"], found.GetProperty("words").EnumerateArray().Select(word => word.GetString()));
        Assert.DoesNotContain(Path.GetDirectoryName(web.Recording("rain.wav"))!, found.GetRawText(), StringComparison.Ordinal);
        Assert.All(
            (await GetAsync(web, $"?file={file}")).GetProperty("data").EnumerateArray(),
            sound => Assert.InRange(sound.GetProperty("fit").GetDouble(), 0, 1));
        var listed = await GetAsync(web, "?limit=1");
        Assert.Equal(slam, listed.GetProperty("data")[0].GetProperty("id").GetString());
        var next = await GetAsync(web, $"?limit=5&page={Uri.EscapeDataString(listed.GetProperty("next_page").GetString()!)}");
        Assert.Equal("rain.wav", Assert.Single(next.GetProperty("data").EnumerateArray()).GetProperty("name").GetString());

        var address = found.GetProperty("content").GetString()!;
        var bytes = await File.ReadAllBytesAsync(web.Recording("door slam.wav"), Cancel);
        Assert.Equal(bytes, await web.Client.GetByteArrayAsync(address, Cancel));
        using var part = await web.Client.GetRangeAsync(address, 1000, 1999);
        Assert.Equal(
            (HttpStatusCode.PartialContent, "audio/wav", $"\"{slam}\""),
            (part.StatusCode, part.Content.Headers.ContentType?.MediaType, part.Headers.ETag?.Tag));
        Assert.Equal(bytes[1000..2000], await part.Content.ReadAsByteArrayAsync(Cancel));

        var order = new { file, prompt = "a door", reference = new[] { found.GetProperty("reference").GetString() }, format = "wav" };
        var sound = (await web.Client.SoundAsync(order)).GetProperty("id").GetString();
        var placement = await web.Client.GetAsync($"/v1/sounds/{sound}/placement", Cancel).OkAsync();
        Assert.Equal(slam, Assert.Single(placement.GetProperty("recordings").EnumerateArray()).GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task A_file_that_has_changed_or_leads_elsewhere_is_not_read()
    {
        await using var web = await WebHost.StartAsync();
        var (changed, moved, kept) = (
            await web.IndexAsync(web.Client, "a.wav"), await web.IndexAsync(web.Client, "bb.wav"), await web.IndexAsync(web.Client, "ccc.wav"));
        await File.AppendAllTextAsync(web.Recording("a.wav"), "secret", Cancel);
        var outside = web.Recording("../outside.wav");
        File.Move(web.Recording("bb.wav"), outside);
        File.CreateSymbolicLink(web.Recording("bb.wav"), outside);
        foreach (var id in (string[])[changed, moved, "none", "..", new('0', 64)])
            await web.Client.GetAsync($"/v1/library/sounds/{Uri.EscapeDataString(id)}/content", Cancel).RefusedAsync(404, "NOT_FOUND");
        Assert.NotEmpty(await web.Client.GetByteArrayAsync($"/v1/library/sounds/{kept}/content", Cancel));
    }

    static Task<JsonElement> GetAsync(WebHost web, string query) => web.Client.GetAsync($"/v1/library/sounds{query}", Cancel).OkAsync();
}
