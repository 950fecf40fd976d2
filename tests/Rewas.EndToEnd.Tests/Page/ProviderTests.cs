using Microsoft.Playwright;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>A user signs in with an OpenID Connect provider: by redirects, and beside work that is under way.</summary>
public sealed class ProviderTests
{
    const string Lead = "rewas-sign-in .provider button";

    [Fact]
    public async Task A_user_is_led_to_the_provider_and_back_and_no_script_sees_a_token()
    {
        await using var provider = await OidcProvider.StartAsync();
        using var served = await StartAsync(provider);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;

        // Whoever refuses there is told here, and may try again.
        await page.ClickAsync(Lead);
        await page.ClickAsync("button[name=refuse]");
        await page.WaitForSelectorAsync("rewas-sign-in .provider [role=alert]");
        Assert.EndsWith("/studio", page.Url, StringComparison.Ordinal);
        await page.ClickAsync(Lead);
        await page.ClickAsync("button[value=alice]");
        await page.WaitForSelectorAsync("header .caller >> text=oidc:alice");
        Assert.Equal(served.Web + "/studio", page.Url);
        var seen = await page.EvaluateAsync<string>(
            "() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + location + document.referrer");
        Assert.Equal(6, provider.TokenParts.Count);
        Assert.All(provider.TokenParts, part => Assert.DoesNotContain(part, seen, StringComparison.Ordinal));
        Assert.DoesNotContain("rewas-session", seen, StringComparison.Ordinal);
        await studio.SendFilmAsync(Programs.Sample);
        await studio.UntilAsync("studio.store.id !== null");

        // A link to the film leads through the provider to the film.
        var link = page.Url;
        await studio.Context.ClearCookiesAsync();
        await page.GotoAsync("about:blank");
        await page.GotoAsync(link);
        await page.ClickAsync(Lead);
        await page.ClickAsync("button[value=alice]");
        await studio.LookedAsync();
    }

    [Fact]
    public async Task Work_that_is_under_way_goes_on_when_another_window_has_signed_in()
    {
        await using var provider = await OidcProvider.StartAsync();
        using var served = await StartAsync(provider);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await page.ClickAsync(Lead);
        await page.ClickAsync("button[value=alice]");
        await studio.SendFilmAsync(Programs.Sample);
        await studio.UntilAsync("studio.store.id !== null && studio.store.state === 'saved'");
        await studio.Context.ClearCookiesAsync();
        await page.FillAsync("#prompt", "a hammer");
        await page.WaitForSelectorAsync(Lead);
        var window = await page.RunAndWaitForPopupAsync(() => page.ClickAsync(Lead));
        await window.ClickAsync("button[value=alice]");
        await studio.UntilAsync("studio.session.who !== null && studio.store.state === 'saved'");
        await page.WaitForSelectorAsync(Lead, new() { State = WaitForSelectorState.Hidden });
        Assert.Equal("a hammer", (await studio.AskAsync(
            "(await (await fetch(`/v1/projects/${studio.store.id}`)).json()).document.prompt")).GetString());
        await Wait.UntilAsync(() => HasEndedAsync(window), "the window has closed itself or says that it may be closed");

        // Another user of the same browser does not see the film that is open.
        await studio.Context.ClearCookiesAsync();
        await page.FillAsync("#prompt", "a hammer striking wood");
        await page.WaitForSelectorAsync(Lead);
        window = await page.RunAndWaitForPopupAsync(() => page.ClickAsync(Lead));
        await window.ClickAsync("button[value=bob]");
        await studio.UntilAsync("studio.session.who?.caller === 'oidc:bob' && studio.project.document.film === null");
        await page.WaitForSelectorAsync("rewas-start");
    }

    static async Task<bool> HasEndedAsync(IPage window)
    {
        try
        {
            return window.IsClosed || await window.IsVisibleAsync("text=You are signed in");
        }
        catch (PlaywrightException)
        {
            return false;                                                    // it closes just now
        }
    }

    static Task<ServedStudio> StartAsync(OidcProvider provider) => ServedStudio.StartWithAsync(_ =>
    [
        $"--Callers:Jwt:Authority={provider.Address}", $"--Callers:Jwt:Audience={OidcProvider.Audience}",
        $"--Callers:Jwt:ClientId={OidcProvider.Client}", "--Callers:Jwt:Methods:0=*",
    ]);
}
