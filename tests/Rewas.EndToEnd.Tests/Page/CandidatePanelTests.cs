namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Candidates are compared in place, at one level and without a gap.</summary>
public sealed class CandidatePanelTests
{
    [Fact]
    public async Task Two_candidates_are_compared_kept_and_pinned()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer striking wood");
        await page.ClickAsync("#tab-rewas-candidates");
        await page.SelectOptionAsync("rewas-candidates select", "2");
        await page.ClickAsync("rewas-candidates .row > button");
        await studio.UntilAsync("studio.making.sound(studio.project.document.chosen?.sound)?.status === 'succeeded'");
        Assert.Equal(2, await page.Locator("rewas-candidates [role=radio]").CountAsync());

        // Both play and one is heard, at the level of the quieter one.
        await studio.UntilAsync("studio.audition.sources?.length === 2 && studio.audition.sources.some(source => source.gain !== 1)");
        var sound = (await studio.AskAsync("studio.project.document.chosen.sound")).GetString();
        var quietest = Math.Min(await LoudnessAsync(0), await LoudnessAsync(1));
        foreach (var candidate in (int[])[1, 0])
        {
            await page.Locator("body").PressAsync($"{candidate + 1}");
            await studio.UntilAsync($"studio.project.document.chosen.candidate === {candidate}");
            await studio.UntilAsync($"studio.audition.sources[{candidate}].gain > 0");
            var gains = await GainsAsync();
            Assert.Equal(0, gains[1 - candidate]);
            Assert.Equal(quietest, await LoudnessAsync(candidate) + 20 * Math.Log10(gains[candidate]), 0.01);
        }

        // A switch while it plays stops no part of a sound, so it has no gap. Nor does it move the playhead: that would begin all anew.
        var told = await studio.AskAsync(
            """
            await (async () => {
                const counted = { start: 0, stop: 0 };
                for (const [{ prototype }, name] of [[AudioBufferSourceNode, 'start'], [AudioScheduledSourceNode, 'stop']]) {
                    const plain = prototype[name];
                    prototype[name] = function (...times) {
                        counted[name]++;
                        return plain.apply(this, times);
                    };
                }
                await studio.playback.play();
                while (counted.start < 2) await new Promise(requestAnimationFrame);
                const before = counted.stop;
                document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true }));
                await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                const seen = [counted.stop - before, studio.project.document.chosen.candidate, studio.playback.isPlaying];
                studio.playback.pause();
                return [...seen, counted.stop - before];
            })()
            """);
        Assert.Equal((0, 1, true), (told[0].GetInt32(), told[1].GetInt32(), told[2].GetBoolean()));
        Assert.InRange(told[3].GetInt32(), 2, int.MaxValue);                 // a pause does stop them

        // A pinned candidate stays beside those of the next sound.
        await page.ClickAsync("rewas-candidates .candidate:nth-child(2) button[aria-label^=Pin]");
        await studio.UntilAsync("studio.project.document.renders[0].kept");
        await studio.MakeAsync();
        await studio.UntilAsync("document.querySelectorAll('rewas-candidates [role=radio]').length === 3");
        Assert.Contains(
            "a hammer striking wood", await page.TextContentAsync("rewas-candidates .candidate .why"), StringComparison.Ordinal);

        // Reloaded, everything is as it was.
        await studio.UntilAsync("studio.store.state === 'saved'");
        await page.ReloadAsync();
        await studio.LookedAsync();
        await studio.UntilAsync("document.querySelectorAll('rewas-candidates [role=radio]').length === 3");
        Assert.Empty(studio.Complaints);

        async Task<double> LoudnessAsync(int candidate) => (await studio.AskAsync(
            $"await (await fetch('/v1/sounds/{sound}/levels?candidate={candidate}')).json()")).GetProperty("loudness").GetDouble();

        async Task<double[]> GainsAsync() =>
        [
            .. (await studio.AskAsync("studio.audition.sources.map(source => source.gain)"))
                .EnumerateArray().Select(gain => gain.GetDouble()),
        ];
    }
}
