namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Windows, cuts and restarts lose nothing of the user's work.</summary>
public sealed class SurvivalTests
{
    static readonly TimeSpan Cut = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_second_window_and_a_cut_network_lose_no_change()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer");
        await studio.UntilAsync("studio.store.state === 'saved'");
        var project = (await studio.AskAsync("studio.store.id")).GetString();

        // Another program saves: this window has an old version. It joins both changes, and tells nobody that all is lost.
        await studio.AskAsync(
            """
            await (async () => {
                const path = `/v1/projects/${studio.store.id}`;
                const stored = await (await fetch(path)).json();
                const document = { ...stored.document, options: { seed: 7 } };
                const saved = await fetch(path, {
                    method: 'PUT', body: JSON.stringify({ name: stored.name, document }),
                    headers: { 'Content-Type': 'application/json', 'If-Match': `"${stored.version}"` },
                });
                return saved.status;
            })()
            """);
        await page.FillAsync("#prompt", "a hammer striking wood");
        await studio.UntilAsync("studio.project.document.options.seed === 7 && studio.store.state === 'saved'");
        Assert.Equal(("a hammer striking wood", 7), await StoredAsync());

        // For ten seconds there is no network.
        await studio.Context.SetOfflineAsync(true);
        var began = TimeProvider.System.GetTimestamp();
        await page.FillAsync("#prompt", "a hammer striking metal");
        await studio.UntilAsync("studio.store.state === 'waiting'");
        await Wait.UntilAsync(() => TimeProvider.System.GetElapsedTime(began) > Cut, "the network was cut for ten seconds");
        await studio.Context.SetOfflineAsync(false);
        await studio.UntilAsync("studio.store.state === 'saved'");
        Assert.Equal(("a hammer striking metal", 7), await StoredAsync());

        async Task<(string?, int)> StoredAsync()
        {
            var document = await studio.AskAsync($"(await (await fetch('/v1/projects/{project}')).json()).document");
            return (document.GetProperty("prompt").GetString(), document.GetProperty("options").GetProperty("seed").GetInt32());
        }
    }

    [Fact]
    public async Task A_server_that_is_started_anew_in_the_middle_of_a_sound_loses_nothing()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer striking wood");
        await page.EvaluateAsync(
            "() => document.querySelector('rewas-studio').studio.project.do({ change: () => ({ options: { steps: 200, seed: 7 } }) })");
        await page.ClickAsync("rewas-words button.main");
        await studio.UntilAsync("studio.making.running?.progress.step > 0");
        await served.RestartAsync();
        await page.FillAsync("#prompt", "a hammer striking metal");
        await studio.UntilAsync("studio.making.sound(studio.project.document.renders[0]?.sound)?.status === 'succeeded'");
        await studio.UntilAsync("studio.store.state === 'saved'");
        Assert.Equal("a hammer striking metal", (await studio.AskAsync(
            "(await (await fetch(`/v1/projects/${studio.store.id}`)).json()).document.prompt")).GetString());
        await page.ReloadAsync();
        await studio.LookedAsync();
        Assert.Equal("a hammer striking metal", await page.InputValueAsync("#prompt"));
        await studio.UntilAsync("studio.making.sound(studio.project.document.renders[0]?.sound)?.status === 'succeeded'");
    }
}
