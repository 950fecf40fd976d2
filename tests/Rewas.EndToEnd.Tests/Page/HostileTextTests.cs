using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Names, prompts and the server's words are text on the page and never markup.</summary>
public sealed class HostileTextTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const string Markup = "<img src=x onerror=window.xss=1><script>window.xss=1</script>\"'><svg onload=window.xss=1>";

    static readonly RouteFetchOptions Patient = new() { Timeout = (float)Wait.Patience.TotalMilliseconds };

    [Fact]
    public async Task Markup_in_a_name_a_prompt_a_caption_and_a_report_is_shown_as_it_is_written()
    {
        var film = clips.Path("<img src=x onerror=window.xss=1>.mp4");
        File.Copy(clips.Plain("plain.mp4"), film);
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await page.RouteAsync("**/analysis", async route =>
        {
            var answer = await route.FetchAsync(Patient);
            var seen = JsonNode.Parse(await answer.TextAsync())!;
            (seen["caption"], seen["concept"]) = (Markup, Markup);
            await route.FulfillAsync(new() { Response = answer, Body = seen.ToJsonString() });
        });
        await page.RouteAsync("**/v1/checks", async route =>
        {
            var answer = await route.FetchAsync(Patient);
            var report = JsonNode.Parse(await answer.TextAsync())!;
            report["verdict"] = Markup;
            report["suggestions"] = new JsonArray(Markup);
            report["words"] = new JsonObject
            {
                ["prompt"] = Markup,
                ["negative"] = Markup,
                ["decibels"] = 0,
                ["language"] = "en",
                ["unknown"] = new JsonArray(Markup),
                ["notes"] = new JsonArray(Markup),
                ["summary"] = Markup,
            };
            report["findings"] = new JsonArray(new JsonObject
            {
                ["detector"] = Markup,
                ["start"] = 0,
                ["length"] = 4,
                ["evidence"] = Markup,
                ["times"] = new JsonArray(0.5),
                ["severity"] = 1,
                ["confidence"] = 1,
            });
            await route.FulfillAsync(new() { Response = answer, Body = report.ToJsonString() });
        });
        await studio.SendFilmAsync(film);
        await page.FillAsync("#prompt", Markup);
        await page.WaitForSelectorAsync(".suggestions button");
        await page.ClickAsync(".suggestions button");
        Assert.Contains(Markup, await page.TextContentAsync(".report"), StringComparison.Ordinal);
        Assert.Equal(Markup, (await studio.AskAsync("studio.project.document.prompt")).GetString());
        Assert.Equal(0, (await studio.AskAsync("document.querySelectorAll('img, body script').length")).GetInt32());
        Assert.Equal("undefined", (await studio.AskAsync("typeof window.xss")).GetString());
        Assert.Empty(studio.Complaints);
    }
}
