using Microsoft.Playwright;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Nothing that the user did is lost: not by a reload, a restart of the server, a cut network or a second tab.</summary>
public sealed class SurvivalTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const string Running = "studio.making.running?.status === 'running' && studio.making.running.progress.step > 0";
    const string Made = "studio.making.sound(studio.project.document.renders[0]?.sound)?.status === 'succeeded'";

    [Fact]
    public async Task A_reload_in_the_middle_of_a_render_loses_nothing()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await BeginAsync(served);
        await studio.Page.ClickAsync("rewas-words button.main");
        await studio.UntilAsync(Running);
        await studio.Page.ReloadAsync();
        await studio.LookedAsync();
        await AssertWishAsync(studio, studio.Page);
        await studio.UntilAsync(Made);
        Assert.Equal(1, (await studio.AskAsync("studio.project.document.renders.length")).GetInt32());
        Assert.True((await studio.AskAsync("studio.project.canUndo")).GetBoolean());
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_of_a_render_goes_on_and_so_does_the_page()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await BeginAsync(served);
        await studio.Page.ClickAsync("rewas-words button.main");
        await studio.UntilAsync(Running);
        served.Kill();
        await studio.UntilAsync("studio.making.isCutOff");
        // What is typed meanwhile waits in this browser.
        await studio.Page.FillAsync("#negative", "speech");
        await studio.UntilAsync("studio.store.state === 'waiting'");
        await served.RestartAsync();
        await studio.UntilAsync(Made);
        await studio.UntilAsync("studio.store.state === 'saved'");
        var other = await studio.NewTabAsync($"/studio{new Uri(studio.Page.Url).Fragment}");
        await studio.UntilAsync("studio.project.document.options.negative === 'speech'", other);
        await AssertWishAsync(studio, other);
    }

    [Fact]
    public async Task What_is_done_while_the_network_is_cut_reaches_the_server_afterwards()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await BeginAsync(served);
        await studio.UntilAsync("studio.store.state === 'saved'");
        await studio.Context.SetOfflineAsync(true);
        await studio.Page.FillAsync("#prompt", "rain on a tin roof");
        await studio.UntilAsync("studio.store.state === 'waiting'");
        await studio.Page.WaitForSelectorAsync(".save.waiting");
        await studio.Context.SetOfflineAsync(false);
        await studio.UntilAsync("studio.store.state === 'saved'");
        var kept = await studio.AskAsync("(await studio.api.json('GET', `/v1/projects/${studio.store.id}`)).document.prompt");
        Assert.Equal("rain on a tin roof", kept.GetString());
    }

    [Fact]
    public async Task What_a_closed_page_could_not_send_is_sent_by_the_next_one()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await BeginAsync(served);
        await studio.UntilAsync("studio.store.state === 'saved'");
        var fragment = new Uri(studio.Page.Url).Fragment;
        await studio.Context.SetOfflineAsync(true);
        await studio.Page.FillAsync("#prompt", "rain on a tin roof");
        await studio.UntilAsync("studio.store.state === 'waiting'");
        await studio.Page.CloseAsync();
        await studio.Context.SetOfflineAsync(false);
        var next = await studio.NewTabAsync($"/studio{fragment}");
        await studio.UntilAsync("studio.project.document.prompt === 'rain on a tin roof'", next);
        await studio.UntilAsync(
            "(await studio.api.json('GET', `/v1/projects/${studio.store.id}`)).document.prompt === 'rain on a tin roof'", next);
    }

    [Fact]
    public async Task Two_tabs_of_one_film_see_what_the_other_does()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await BeginAsync(served);
        await studio.UntilAsync("studio.store.state === 'saved'");
        var other = await studio.NewTabAsync($"/studio{new Uri(studio.Page.Url).Fragment}");
        await studio.UntilAsync("studio.project.document.edits.length === 2", other);
        await studio.UntilAsync("await studio.energy.add('mute 2s..3s')", other);       // it can when its film has been looked at
        await studio.UntilAsync("studio.project.document.edits.length === 3");
        await studio.Page.FillAsync("#prompt", "rain");
        await studio.UntilAsync("studio.project.document.prompt === 'rain' && studio.project.document.edits.length === 3", other);
        await studio.UntilAsync("studio.store.state === 'saved'");
        await studio.UntilAsync("studio.store.state === 'saved'", other);
    }

    [Fact]
    public async Task Fifty_steps_can_be_undone_after_a_reload()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        await studio.SendFilmAsync(clips.Plain("plain.mp4"));
        for (var step = 1; step <= 50; step++)
            Assert.True((await studio.AskAsync($"await studio.energy.add('gain 0.5s..1s=-0.{step:00}dB')")).GetBoolean());
        await studio.UntilAsync("studio.store.state === 'saved'");
        await studio.Page.ReloadAsync();
        await studio.LookedAsync();
        for (var step = 50; step > 0; step--)
        {
            Assert.Equal(step, (await studio.AskAsync("studio.project.document.edits.length")).GetInt32());
            await studio.Page.Keyboard.PressAsync("Control+z");
        }
        Assert.Equal(0, (await studio.AskAsync("studio.project.document.edits.length")).GetInt32());
        Assert.False((await studio.AskAsync("studio.project.canUndo")).GetBoolean());
    }

    /// <summary>A film with words and two edits, whose sound takes a while.</summary>
    async Task<StudioBrowser> BeginAsync(ServedStudio served)
    {
        var studio = await StudioBrowser.OpenAsync(served.Web);
        await studio.SendFilmAsync(clips.Plain("long.mp4", "testsrc2=size=128x96:rate=25:duration=12"));
        await studio.Page.FillAsync("#prompt", "heavy rain");
        await studio.Page.EvaluateAsync("""
            async () => {
                const { studio } = document.querySelector('rewas-studio');
                studio.project.do({ change: () => ({ options: { steps: 1000 } }) });
                await studio.energy.add('gain 1s..2s=-6dB');
                await studio.energy.add('event 3s=+0dB');
            }
            """);
        await studio.UntilAsync("studio.project.document.edits.length === 2");
        return studio;
    }

    static async Task AssertWishAsync(StudioBrowser studio, IPage page)
    {
        Assert.Equal("heavy rain", (await studio.AskAsync("studio.project.document.prompt", page)).GetString());
        Assert.Equal("gain 1s..2s=-6dB,event 3s=+0dB", (await studio.AskAsync("studio.project.document.edits.join()", page)).GetString());
        Assert.Equal(1000, (await studio.AskAsync("studio.project.document.options.steps", page)).GetInt32());
    }
}
