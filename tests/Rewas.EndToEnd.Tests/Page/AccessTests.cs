namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The page is for everybody: axe finds no violation in any view, in either theme and at the width of a phone.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData(1440, "dark", "en-GB")]
    [InlineData(1440, "light", "zh-CN")]
    [InlineData(390, "dark", "en-GB")]
    public async Task No_view_has_a_violation(int width, string theme, string language)
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
        await page.WaitForSelectorAsync("rewas-start");
        await studio.CheckAccessAsync("start");
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "quiet heavy rain on a roof, no dog");
        await page.WaitForSelectorAsync(".report .verdict");
        await page.WaitForSelectorAsync(".reading dl");
        await page.ClickAsync(".options summary");
        await page.ClickAsync(".options button.quiet");
        await page.WaitForSelectorAsync("#option-words");
        await studio.CheckAccessAsync("words");
        await page.EvaluateAsync("() => document.querySelector('rewas-studio').studio.energy.add('gain 1s..2s=-6dB')");
        await studio.UntilAsync("studio.project.document.edits.length === 1");
        foreach (var tab in await page.Locator("[role=tab]").AllAsync())
        {
            await tab.ClickAsync();
            await studio.CheckAccessAsync((await tab.TextContentAsync())!.Trim());
        }
        await page.EvaluateAsync("() => document.querySelector('rewas-keys').show()");
        await studio.CheckAccessAsync("keys");
    }
}
