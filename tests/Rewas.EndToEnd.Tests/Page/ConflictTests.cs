using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>What another program has saved, and a network that is cut for a while, cost no change.</summary>
public sealed class ConflictTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly TimeSpan Cut = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_page_with_an_old_version_joins_both_changes_and_a_cut_network_loses_none()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(clips.Plain("plain.mp4"));
        await page.FillAsync("#prompt", "a hammer");
        await studio.UntilAsync("studio.store.state === 'saved'");
        var project = (await studio.AskAsync("studio.store.id")).GetString();

        // Another program saves. The page's next save is refused with 412.
        using var client = new HttpClient { BaseAddress = new Uri(served.Web) };
        var stored = JsonNode.Parse(
            await client.GetStringAsync($"/v1/projects/{project}", TestContext.Current.CancellationToken))!;
        stored["document"]!["options"] = new JsonObject { ["seed"] = 7 };
        using var save = new HttpRequestMessage(HttpMethod.Put, $"/v1/projects/{project}")
        {
            Content = JsonContent.Create(new { name = stored["name"], document = stored["document"] }),
        };
        save.Headers.TryAddWithoutValidation("If-Match", $"\"{stored["version"]}\"");
        using var saved = await client.SendAsync(save, TestContext.Current.CancellationToken);
        Assert.True(saved.IsSuccessStatusCode);
        await page.FillAsync("#prompt", "a hammer striking wood");
        await studio.UntilAsync("studio.project.document.options.seed === 7 && studio.store.state === 'saved'");
        Assert.Equal(("a hammer striking wood", 7), await StoredAsync());

        await studio.Context.SetOfflineAsync(true);
        var began = TimeProvider.System.GetTimestamp();
        await page.FillAsync("#prompt", "a hammer striking metal");
        await studio.UntilAsync("studio.store.state === 'waiting'");
        await Wait.UntilAsync(() => TimeProvider.System.GetElapsedTime(began) > Cut, "the network is cut for ten seconds");
        await studio.Context.SetOfflineAsync(false);
        await studio.UntilAsync("studio.store.state === 'saved'");
        Assert.Equal(("a hammer striking metal", 7), await StoredAsync());

        async Task<(string?, int)> StoredAsync()
        {
            var document = await studio.AskAsync($"(await (await fetch('/v1/projects/{project}')).json()).document");
            return (document.GetProperty("prompt").GetString(), document.GetProperty("options").GetProperty("seed").GetInt32());
        }
    }
}
