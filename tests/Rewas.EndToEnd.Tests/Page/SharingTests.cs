using Microsoft.Playwright;
using Rewas.Hosting.Access;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Pages of a server that checks its callers: signing in, and a film that is shared with another caller.</summary>
public sealed class SharingTests
{
    [Fact]
    public async Task A_film_is_shared_with_another_signed_in_caller_by_a_link_until_that_ends()
    {
        using var served = await StartAsync("alice", "bob", "mallory");
        await using var alice = await StudioBrowser.OpenAsync(served.Web);
        await SignInAsync(alice.Page, "rewas_0123456789ab_x");
        await alice.Page.WaitForSelectorAsync("#sign-in-name ~ form [role=alert]");
        await SignInAsync(alice.Page, keys["alice"].Text);
        await alice.Page.WaitForSelectorAsync("header .caller >> text=alice");
        Assert.DoesNotContain(
            keys["alice"].Text,
            await alice.Page.EvaluateAsync<string>("() => document.cookie + JSON.stringify(localStorage)"),
            StringComparison.Ordinal);
        await alice.SendFilmAsync(Programs.Sample);
        await alice.Page.FillAsync("#prompt", "a hammer striking wood");
        await alice.MakeAsync();
        await alice.Page.ClickAsync("rewas-share > button");
        await alice.Page.FillAsync("#share-caller", "bob");
        await alice.Page.ClickAsync("rewas-share form button.main");
        await alice.UntilAsync("studio.store.entry.shared_with?.includes('bob')");
        var link = await alice.Page.TextContentAsync("rewas-share .link");
        await alice.UntilAsync("studio.store.state === 'saved'");

        // Bob opens the link, signs in, looks and listens. What he does is not saved.
        await using var bob = await StudioBrowser.OpenAsync(served.Web);
        await bob.Page.GotoAsync(link!);
        await bob.Page.ReloadAsync();
        await SignInAsync(bob.Page, keys["bob"].Text);
        await bob.LookedAsync();
        await bob.UntilAsync("studio.making.sound(studio.project.document.chosen?.sound)?.status === 'succeeded'");
        await bob.Page.WaitForFunctionAsync("() => document.querySelector('video')?.readyState >= 2");
        await bob.Page.WaitForSelectorAsync("rewas-share >> text=alice");
        Assert.Equal(200, (await bob.AskAsync("(await fetch(studio.heard[0].path)).status")).GetInt32());
        await bob.Page.FillAsync("#prompt", "rain");
        await bob.UntilAsync("studio.store.entry.read_only && studio.store.state === 'saved'");
        Assert.Equal("a hammer striking wood", (await alice.AskAsync(
            "(await (await fetch(`/v1/projects/${studio.store.id}`)).json()).document.prompt")).GetString());

        // For somebody else there is nothing.
        await using var mallory = await StudioBrowser.OpenAsync(served.Web);
        await SignInAsync(mallory.Page, keys["mallory"].Text);
        await mallory.Page.WaitForSelectorAsync("header .caller >> text=mallory");
        var project = (await alice.AskAsync("studio.store.id")).GetString();
        Assert.Equal(404, (await mallory.AskAsync($"(await fetch('/v1/projects/{project}')).status")).GetInt32());

        // No longer shared, it does not exist for Bob either.
        await alice.Page.ClickAsync("rewas-share button[aria-label='No longer share with bob']");
        await alice.UntilAsync("studio.store.entry.shared_with?.length === 0");
        Assert.Equal(404, (await bob.AskAsync($"(await fetch('/v1/projects/{project}')).status")).GetInt32());

        // Signed out, the browser is nobody.
        await bob.Page.ClickAsync("rewas-sign-in > button.quiet");
        await bob.Page.WaitForSelectorAsync("rewas-sign-in > button:not(.quiet)");
        Assert.Equal(401, (await bob.AskAsync("(await fetch('/v1/me')).status")).GetInt32());
    }

    [Fact]
    public async Task A_session_that_ends_and_a_refusal_that_comes_late_cost_the_user_nothing()
    {
        using var served = await StartAsync("alice");
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;

        // The first questions of the page are answered after the sign-in only, with what the server said before it.
        var late = new TaskCompletionSource();
        await page.RouteAsync("**/v1/projects", async route =>
        {
            await late.Task;
            await route.FulfillAsync(new() { Status = 401, ContentType = "application/problem+json", Body = "{}" });
        }, new() { Times = 2 });
        await page.ReloadAsync();
        await SignInAsync(page, keys["alice"].Text);
        await page.WaitForSelectorAsync("header .caller >> text=alice");
        late.SetResult();
        await studio.SendFilmAsync(Programs.Sample);
        Assert.False(await page.IsVisibleAsync("#sign-in-secret"));
        Assert.Equal("alice", (await studio.AskAsync("studio.session.who.caller")).GetString());

        // A page that still has the key tells it once more, and nobody is asked.
        await studio.Context.ClearCookiesAsync();
        await SetAsync(page, "#prompt", "a hammer");
        await studio.UntilAsync("studio.project.document.prompt === 'a hammer' && studio.store.state === 'saved'");
        Assert.False(await page.IsVisibleAsync("#sign-in-secret"));

        // A page that has none asks, and goes on where it was. The user may put it off.
        await page.ReloadAsync();
        await studio.LookedAsync();
        await studio.Context.ClearCookiesAsync();
        await SetAsync(page, "#prompt", "a hammer striking wood");
        await page.WaitForSelectorAsync("#sign-in-secret");
        await page.ClickAsync("rewas-sign-in dialog button[type=button] >> text=Later");
        await SetAsync(page, "#negative", "speech");
        await page.ClickAsync("rewas-sign-in > button");
        await SignInAsync(page, keys["alice"].Text);
        await studio.UntilAsync("studio.store.state === 'saved'");
        var kept = await studio.AskAsync("(await (await fetch(`/v1/projects/${studio.store.id}`)).json()).document");
        Assert.Equal(
            ("a hammer striking wood", "speech"),
            (kept.GetProperty("prompt").GetString(), kept.GetProperty("options").GetProperty("negative").GetString()));

        // A film that is being sent waits too.
        await page.ReloadAsync();
        await studio.LookedAsync();
        await page.ClickAsync("rewas-films button");
        await page.WaitForSelectorAsync("rewas-start");
        await studio.Context.ClearCookiesAsync();
        await page.SetInputFilesAsync("rewas-start input[type=file]", Programs.Sample);
        await SignInAsync(page, keys["alice"].Text);
        await studio.LookedAsync();
        await studio.UntilAsync("studio.store.id !== null");
        Assert.Equal(2, (await studio.AskAsync("(await studio.store.list()).length")).GetInt32());
    }

    readonly Dictionary<string, ApiKey> keys = [];

    Task<ServedStudio> StartAsync(params string[] callers) => ServedStudio.StartWithAsync(folder =>
    {
        foreach (var caller in callers)
            keys[caller] = ApiKey.New();
        KeysFile.Write(folder.File("keys.json"), [.. keys.Select(key => new KeyEntry
        {
            Id = key.Value.Id,
            Caller = key.Key,
            Sha256 = Convert.ToHexStringLower(key.Value.Hash()),
            Created = DateTimeOffset.UtcNow,
            Methods = ["*"],
        })]);
        return [$"--Callers:KeysFile={folder.File("keys.json")}"];
    });

    /// <summary>
    /// Gives a field its text at once. <c>FillAsync</c> types into what has the focus, and a question to sign in takes that away.
    /// </summary>
    static Task SetAsync(IPage page, string field, string text) => page.EvalOnSelectorAsync(
        field,
        """
        (element, text) => {
          element.value = text;
          element.dispatchEvent(new Event("input", { bubbles: true }));
          element.dispatchEvent(new Event("change", { bubbles: true }));
        }
        """,
        text);

    /// <summary>Signs in. The page asks by itself: its first question to the server is who works there.</summary>
    static async Task SignInAsync(IPage page, string key)
    {
        await page.WaitForSelectorAsync("#sign-in-secret");
        await page.FillAsync("#sign-in-secret", key);
        await page.ClickAsync("rewas-sign-in dialog form button:not([type=button])");
    }
}
