namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Takes the pictures of docs/studio. Run it by hand after a change of the page, and look at them.</summary>
public sealed class PictureTests
{
    static readonly string Folder = Path.Combine(Programs.RepositoryRoot, "docs", "studio");

    [Fact(Explicit = true)]
    public async Task Takes_the_pictures_of_the_documentation()
    {
        Directory.CreateDirectory(Folder);
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await SaveAsync("start");
        await studio.SendFilmAsync(Path.Combine(Programs.RepositoryRoot, "docs", "gallery", "hammer.mp4"));
        await studio.UntilAsync("document.querySelector('video').readyState >= 2");
        await page.FillAsync("#prompt", "quiet heavy rain on a roof, no dog");
        await page.WaitForSelectorAsync(".report .verdict");
        await page.WaitForSelectorAsync(".reading dl");
        await studio.UntilAsync("document.querySelector('.estimate').textContent.includes('×')");
        await SaveAsync("report");
        await page.FillAsync("#prompt", "a hammer striking wood");
        await page.WaitForSelectorAsync(".report .verdict");
        await studio.MakeAsync();
        await page.EvaluateAsync("""
            async () => {
                const { studio } = document.querySelector('rewas-studio');
                studio.playback.seek(2.2);
                await studio.energy.add('gain 1s..1.6s=-9dB');
                await studio.energy.add('event 2.6s=-6dB');
                studio.view.select({ from: 3.1, to: 3.7 });
            }
            """);
        await studio.UntilAsync("studio.project.document.edits.length === 2");
        await page.WaitForSelectorAsync("rewas-energy-tools .doubt");
        await studio.UntilAsync("document.querySelector('.estimate').textContent.includes('×') && studio.store.state === 'saved'");
        await SaveAsync("desk");
        await page.SetViewportSizeAsync(390, 844);
        await SaveAsync("phone");
        await page.SetViewportSizeAsync(1440, 900);
        await page.EvaluateAsync("() => { localStorage.setItem('rewas.theme', 'light'); localStorage.setItem('rewas.language', 'zh'); }");
        await page.ReloadAsync();
        await studio.LookedAsync();
        await studio.UntilAsync("document.querySelector('video').readyState >= 2");
        await page.WaitForSelectorAsync(".report .verdict");
        await SaveAsync("light-chinese");

        async Task SaveAsync(string name)
        {
            await studio.UntilAsync("document.querySelector('[aria-busy=true]') === null");
            // What was just changed is drawn with the next frame.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png") });
        }
    }
}
