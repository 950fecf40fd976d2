using System.Globalization;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The layers of a sound are heard apart, and the mix that is heard is the one that is exported.</summary>
public sealed class TrackPanelTests
{
    [Fact]
    public async Task Layers_are_muted_and_a_mix_is_heard_measured_and_used()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer striking wood");
        await page.EvaluateAsync(
            "() => document.querySelector('rewas-studio').studio.project.do("
            + "{ change: () => ({ options: { environment: 'wind', seed: 7 } }) })");
        await studio.MakeAsync();
        await page.ClickAsync("#tab-rewas-tracks");
        Assert.Equal(["Sound", "Environment"], await page.Locator("rewas-tracks tbody th").AllTextContentsAsync());
        var sound = (await studio.AskAsync("studio.project.document.chosen.sound")).GetString();

        // The server measures the whole; the page measures what it plays.
        var levels = await studio.AskAsync($"await (await fetch('/v1/sounds/{sound}/levels')).json()");
        var told = string.Create(
            CultureInfo.InvariantCulture, $"{levels.GetProperty("loudness").GetDouble():0.0} LUFS").Replace('-', '−');
        await page.WaitForFunctionAsync("told => document.querySelector('rewas-tracks .meter').textContent.includes(told)", told);
        // The first play loads all parts of the layers, and may have begun without one; the second has them all.
        await PlayAsync();
        await PlayAsync();
        var loudness = (await studio.AskAsync("studio.playback.meter.reading.integrated")).GetDouble();
        Assert.Equal(levels.GetProperty("loudness").GetDouble(), loudness, 0.3);
        var peak = (await studio.AskAsync("studio.playback.meter.reading.truePeak")).GetDouble();
        Assert.Equal(levels.GetProperty("true_peak").GetDouble(), peak, 0.5);
        Assert.Equal(
            loudness.ToString("0.0", CultureInfo.InvariantCulture),
            (await page.TextContentAsync("[data-reading=integrated]"))!.Replace('−', '-'));

        // A muted layer is silent at once; its level is an option of the order.
        await page.ClickAsync("rewas-tracks button[aria-label='Mute: Environment']");
        await studio.UntilAsync("studio.project.document.mix.environment.muted");
        Assert.Equal("[\"primary:1\",\"environment:0\"]", await HeardAsync());
        await page.ClickAsync("rewas-tracks button[aria-label='Mute: Environment']");
        await page.Locator("rewas-tracks input[aria-label='Gain: Environment']").FillAsync("-6");
        await studio.UntilAsync("studio.project.document.options['environment-gain'] === -6");
        await page.ClickAsync("rewas-tracks button.main");
        await studio.UntilAsync($"studio.project.document.chosen.sound !== '{sound}'");
        await studio.UntilAsync("studio.making.sound(studio.project.document.chosen.sound)?.status === 'succeeded'");
        var mixed = (await studio.AskAsync(
            "studio.making.sound(studio.project.document.chosen.sound).options['environment-gain']")).GetDouble();
        Assert.Equal(-6, mixed);
        // Nothing was sampled again: the layer is the same.
        var chosen = (await studio.AskAsync("studio.project.document.chosen.sound")).GetString();
        Assert.Equal(await CandidateAsync(sound!), await CandidateAsync(chosen!));
        Assert.Empty(studio.Complaints);

        // Plays to the end, and until the meter has read the silence after it.
        async Task PlayAsync()
        {
            await studio.AskAsync("studio.playback.play()");
            await studio.UntilAsync(
                "!studio.playback.isPlaying && studio.playback.position > 5 && studio.playback.meter.reading?.momentary < -70");
        }

        async Task<string?> CandidateAsync(string id) =>
            (await studio.AskAsync($"(await (await fetch('/v1/sounds/{id}')).json()).candidates[0].sha256")).GetString();

        async Task<string> HeardAsync() => await page.EvaluateAsync<string>(
            """
            () => {
                const { studio } = document.querySelector('rewas-studio');
                const stem = path => new URLSearchParams(path.split('?')[1]).get('stem');
                return JSON.stringify(studio.heard.map(({ path, gain }) => `${stem(path)}:${gain}`));
            }
            """);
    }
}
