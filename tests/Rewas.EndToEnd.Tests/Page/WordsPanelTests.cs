namespace Rewas.EndToEnd.Tests.Page;

/// <summary>What the words are read as is shown before anything runs, and what is heard in a sound when it is made.</summary>
public sealed class WordsPanelTests
{
    [Fact]
    public async Task The_reading_of_the_words_is_shown_and_can_be_turned_off()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "rain, no dog, not too loud");
        await ReadsAsync("To hear rain Not to hear dog Level −3 dB");
        await page.FillAsync("#prompt", "配上狗叫声，不要音乐");
        await ReadsAsync("To hear dog barking Not to hear music");
        await page.FillAsync("#prompt", "thunder and quiet rain");
        await studio.UntilAsync("document.querySelector('.reading .doubt')?.textContent.includes('quiet')");
        await page.FillAsync("#prompt", "дождь на крыше");
        await studio.UntilAsync("document.querySelector('.reading')?.textContent.includes('passed on as they are')");

        // Taken literally, the check compares all words, and so does the estimate.
        await page.FillAsync("#prompt", "rain, no dog");
        await ReadsAsync("To hear rain Not to hear dog");
        var asked = page.WaitForRequestAsync("**/v1/checks");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Take it literally" }).ClickAsync();
        Assert.Contains("\"words\":\"literal\"", (await asked).PostData, StringComparison.Ordinal);
        await studio.UntilAsync("document.querySelector('.reading').textContent.includes('taken literally')");
        await studio.UntilAsync("document.querySelector('.report .verdict') !== null");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Read the words" }).ClickAsync();
        await ReadsAsync("To hear rain Not to hear dog");
        Assert.Equal(0, (await studio.AskAsync("studio.project.document.renders.length")).GetInt32());

        // The options of the words and of the guard are there, and become those of the order.
        await page.ClickAsync(".options summary");
        await page.FillAsync("#option-level", "-3");
        await page.CheckAsync("#option-no-speech");
        await page.CheckAsync("#option-no-music");
        await page.FillAsync("#option-fresh-seeds", "4");
        await page.ClickAsync(".options button.quiet");
        await page.SelectOptionAsync("#option-words", "literal");
        await studio.UntilAsync(
            """
            ["level", "no-speech", "no-music", "fresh-seeds", "words"]
                .map(name => studio.project.document.options[name]).join() === "-3,true,true,4,literal"
            """);
        Assert.Empty(studio.Complaints);

        async Task ReadsAsync(string reading) => await studio.UntilAsync(
            $"document.querySelector('.reading dl')?.innerText.replace(/\\s+/g, ' ').trim() === '{reading}'");
    }

    [Fact]
    public async Task What_is_heard_in_a_sound_and_what_slips_through_is_told()
    {
        using var bundle = new TinyBundle(speechScore: 2);
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "rain");
        await studio.AskAsync("studio.project.do({ change: () => ({ options: { candidates: 2, seed: 7, steps: 1 } }) })");
        await studio.MakeAsync();
        await TellsAsync("speech, which nobody asked for 0:00.000–0:06.000");
        var seeds = (await studio.AskAsync("studio.making.sound(studio.project.document.chosen.sound).guard.seeds.join(', ')")).GetString();
        Assert.StartsWith("7, ", seeds, StringComparison.Ordinal);
        await TellsAsync($"Seeds tried: {seeds}.");
        await TellsAsync("It slipped through: all 3 seeds have it.");

        // At each candidate it is told in one line, which screen readers read with it.
        foreach (var candidate in await page.Locator("rewas-candidates [role=radio]").AllAsync())
        {
            var told = (await candidate.GetAttributeAsync("aria-describedby"))!.Split(' ')[1];
            Assert.Contains("Heard: speech, which nobody asked for", await page.InnerTextAsync($"#{told}"), StringComparison.Ordinal);
        }
        await page.Locator("body").PressAsync("2");
        await studio.UntilAsync("studio.project.document.chosen.candidate === 1");
        await TellsAsync("speech, which nobody asked for");

        // In the other language.
        await page.SelectOptionAsync("rewas-studio header label.quiet select", "zh");
        await TellsAsync("说话声（没有人要求）");

        // Another seed is one click; what was asked for has not slipped through.
        var before = (await studio.AskAsync("studio.project.document.chosen.sound")).GetString();
        await page.FillAsync("#prompt", "a man speaking");
        await page.ClickAsync(".heard-in .row button");
        await studio.UntilAsync($"studio.project.document.chosen.sound !== '{before}'");
        await studio.UntilAsync("studio.making.sound(studio.project.document.chosen.sound)?.status === 'succeeded'");
        await TellsAsync("说话声 0:00.000–0:06.000");
        Assert.Equal(0, await page.Locator(".heard-in .bad").CountAsync());
        Assert.NotEqual(7, (await studio.AskAsync("studio.project.document.options.seed")).GetInt64());
        Assert.Empty(studio.Complaints);
        await studio.CheckAccessAsync("guard");

        async Task TellsAsync(string line) => await studio.UntilAsync(
            $"document.querySelector('.heard-in')?.innerText.replace(/\\s+/g, ' ').includes('{line}')");
    }
}
