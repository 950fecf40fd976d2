namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The panels with all that they can show have no violation that axe finds, and are used by keys alone.</summary>
public sealed class PanelAccessTests
{
    [Theory]
    [InlineData(1440, "dark", "en-GB")]
    [InlineData(390, "light", "zh-CN")]
    public async Task Panels_with_a_sound_have_no_violation(int width, string theme, string language)
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web, options =>
        {
            options.ViewportSize = new() { Width = width, Height = 900 };
            options.Locale = language;
        });
        var page = studio.Page;
        await page.EvaluateAsync($"() => localStorage.setItem('rewas.theme', '{theme}')");
        await page.ReloadAsync();
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer");
        await page.ClickAsync("#tab-rewas-references");
        var recordings = Path.Combine(Programs.RepositoryRoot, "docs", "reference-sounds");
        await page.SetInputFilesAsync(
            "rewas-references input[type=file]",
            (string[])[Path.Combine(recordings, "metal-1.ogg"), Path.Combine(recordings, "metal-2.ogg")]);
        await studio.UntilAsync("studio.project.document.options.reference?.length === 2");
        await page.EvaluateAsync(
            """
            () => {
                const { studio } = document.querySelector('rewas-studio');
                studio.project.do({ change: ({ options }) => ({ options: { ...options, candidates: 2, environment: 'wind' } }) });
            }
            """);
        await studio.MakeAsync();
        await page.WaitForSelectorAsync(".piece-track rect");
        await page.Locator(".pieces button").Last.ClickAsync();
        await page.EvaluateAsync("() => document.querySelector('rewas-studio').studio.playback.play()");
        foreach (var tab in await page.Locator("[role=tab]").AllAsync())
        {
            await tab.ClickAsync();
            await studio.CheckAccessAsync((await tab.TextContentAsync())!.Trim());
        }
    }

    [Fact]
    public async Task Candidates_are_chosen_by_keys_alone()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer striking wood");
        await page.EvaluateAsync(
            "() => document.querySelector('rewas-studio').studio.project.do({ change: () => ({ options: { candidates: 2 } }) })");
        await studio.MakeAsync();
        await page.FocusAsync("#tab-rewas-candidates");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowDown");
        await studio.UntilAsync("studio.project.document.chosen.candidate === 1");
        Assert.Equal("true", await page.Locator("[role=radio]:focus").GetAttributeAsync("aria-checked"));
    }
}
