namespace Rewas.EndToEnd.Tests.Page;

/// <summary>A selected part is made again with another seed or other words. The rest stays, to the sample.</summary>
public sealed class RegionTests
{
    [Fact]
    public async Task A_selected_part_is_made_again_taken_back_and_downloaded_under_a_name_that_tells_it()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer striking wood");
        var first = await studio.MakeAsync();
        Assert.True(await page.IsDisabledAsync("rewas-takes form button"));
        await page.EvaluateAsync("() => document.querySelector('rewas-studio').studio.view.select({ from: 2, to: 3.5 })");
        await page.ClickAsync("rewas-takes form button");
        var second = await MadeAsync(first);
        Assert.Matches("^2s\\.\\.3\\.5s seed=\\d+$", (await studio.AskAsync("studio.project.document.options.take.join()")).GetString());
        await AssertChangedAsync(first, second, 2, 3.5);

        // Again, and with other words: it replaces the part, and nothing else changes.
        await page.FillAsync("rewas-takes input", "a hammer striking \"metal\"");
        await page.FocusAsync("rewas-energy canvas");
        await page.Keyboard.PressAsync("t");
        var third = await MadeAsync(second);
        Assert.Matches(
            "^2s\\.\\.3\\.5s seed=\\d+ prompt=\"a hammer striking metal\"$",
            (await studio.AskAsync("studio.project.document.options.take.join()")).GetString());
        await AssertChangedAsync(first, third, 2, 3.5);
        await AssertChangedAsync(second, third, 2, 3.5);

        await page.ClickAsync("#tab-rewas-export");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("rewas-export form").First.Locator("button").ClickAsync());
        Assert.Equal("hammer-take-3.mp4", download.SuggestedFilename);

        // Taken back, the sound is the first one, out of the cache.
        await page.ClickAsync("rewas-takes .chip button.icon");
        Assert.Equal(0, (await studio.AskAsync("(studio.project.document.options.take ?? []).length")).GetInt32());
        var fourth = await studio.MakeAsync();
        Assert.Equal(await HashAsync(first), await HashAsync(fourth));
        Assert.Empty(studio.Complaints);

        async Task<string> MadeAsync(string before)
        {
            await studio.UntilAsync($"studio.project.document.renders[0].sound !== '{before}'");
            await studio.UntilAsync("studio.making.sound(studio.project.document.renders[0].sound)?.status === 'succeeded'");
            return (await studio.AskAsync("studio.project.document.renders[0].sound")).GetString()!;
        }

        async Task<string?> HashAsync(string sound) =>
            (await studio.AskAsync($"(await (await fetch('/v1/sounds/{sound}')).json()).candidates[0].sha256")).GetString();

        async Task AssertChangedAsync(string before, string after, double from, double to)
        {
            var changed = (await studio.AskAsync(
                $$"""
                await (async () => {
                    const read = async sound => {
                        const bytes = await (await fetch(`/v1/sounds/${sound}/content?stem=primary`)).arrayBuffer();
                        const text = new TextDecoder("latin1").decode(bytes.slice(0, 4096));
                        return new Float32Array(bytes.slice(text.indexOf("data") + 8));
                    };
                    const [one, other] = [await read("{{before}}"), await read("{{after}}")];
                    const changed = [...one.keys()].filter(i => one[i] !== other[i]);
                    return [one.length - other.length, changed.length, changed[0], changed.at(-1)];
                })()
                """)).EnumerateArray().Select(number => number.GetInt32()).ToArray();
            Assert.Equal(0, changed[0]);
            Assert.InRange(changed[1], 0.9 * (to - from) * 48_000, (to - from) * 48_000);
            Assert.InRange(changed[2], from * 48_000, to * 48_000);
            Assert.InRange(changed[3], from * 48_000, to * 48_000 - 1);
        }
    }
}
