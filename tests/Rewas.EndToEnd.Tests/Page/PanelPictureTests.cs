namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Takes the pictures of the panels for docs/studio. Run it by hand after a change of the page, and look at them.</summary>
public sealed class PanelPictureTests
{
    static readonly string Docs = Path.Combine(Programs.RepositoryRoot, "docs");

    [Fact(Explicit = true)]
    public async Task Takes_the_pictures_of_the_panels()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Path.Combine(Docs, "gallery", "hammer.mp4"));
        await page.FillAsync("#prompt", "a hammer striking metal");
        await page.EvaluateAsync(
            """
            () => document.querySelector('rewas-studio').studio.project.do({
                change: () => ({ options: { candidates: 4, environment: 'a quiet workshop', seed: 7 } }),
            })
            """);
        await studio.MakeAsync();
        await studio.UntilAsync("studio.audition.sources?.length === 4 && studio.audition.sources.some(source => source.gain !== 1)");
        await page.ClickAsync("rewas-candidates .candidate:nth-child(2) .choose");
        await SaveAsync("compare");
        await page.ClickAsync("#tab-rewas-tracks");
        await studio.UntilAsync("/The whole sound as exported: .* dBTP/.test(document.querySelector('rewas-tracks .meter').textContent)");
        await page.EvaluateAsync("() => document.querySelector('rewas-studio').studio.playback.play()");
        await studio.UntilAsync("studio.playback.position > 2 && studio.playback.isPlaying");
        await SaveAsync("tracks");
        await page.EvaluateAsync("() => document.querySelector('rewas-studio').studio.playback.pause()");
        await page.ClickAsync("#tab-rewas-references");
        await page.SetInputFilesAsync(
            "rewas-references input[type=file]",
            (string[])[.. Enumerable.Range(1, 3).Select(i => Path.Combine(Docs, "reference-sounds", $"metal-{i}.ogg"))]);
        await studio.UntilAsync("studio.project.document.options.reference?.length === 3");
        await page.EvaluateAsync(
            """
            () => document.querySelector('rewas-studio').studio.project.do({
                change: ({ options }) => ({ options: { reference: options.reference } }),
            })
            """);
        await studio.MakeAsync();
        await page.WaitForSelectorAsync(".piece-track rect");
        await page.Locator(".piece-track").ScrollIntoViewIfNeededAsync();
        await SaveAsync("references");
        await page.ClickAsync("#tab-rewas-conversation");
        await page.FillAsync("rewas-conversation textarea", "add the sound of a hammer striking wood");
        await page.Keyboard.PressAsync("Enter");
        await studio.UntilAsync("document.querySelector('rewas-conversation').answer === null "
            + "&& document.querySelectorAll('rewas-conversation .message').length === 2");
        await studio.UntilAsync("studio.making.running === null && !studio.making.isOrdering");
        await SaveAsync("conversation");

        async Task SaveAsync(string name)
        {
            await studio.UntilAsync("document.querySelector('[aria-busy=true]') === null");
            // What was just changed is drawn with the next frame.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await page.ScreenshotAsync(new() { Path = Path.Combine(Docs, "studio", name + ".png") });
        }
    }
}
