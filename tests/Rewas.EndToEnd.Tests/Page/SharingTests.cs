using Microsoft.Playwright;
using Rewas.Hosting.Access;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Pages of a server that checks its callers: signing in, and a film that is shared with another caller.</summary>
public sealed class SharingTests
{
    [Fact]
    public async Task A_film_is_shared_with_another_signed_in_caller_by_a_link()
    {
        var keys = new Dictionary<string, ApiKey>();
        using var served = await ServedStudio.StartWithAsync(folder =>
        {
            keys = ((string[])["alice", "bob", "mallory"]).ToDictionary(name => name, _ => ApiKey.New());
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
        await using var alice = await StudioBrowser.OpenAsync(served.Web);
        await SignInAsync(alice.Page, "rewas_0123456789ab_x");
        await alice.Page.WaitForSelectorAsync("#sign-in-name ~ form [role=alert]");
        await SignInAsync(alice.Page, keys["alice"].Text);
        await alice.Page.WaitForSelectorAsync("header .caller >> text=alice");
        Assert.DoesNotContain(keys["alice"].Text, await alice.Page.EvaluateAsync<string>("() => document.cookie + JSON.stringify(localStorage)"), StringComparison.Ordinal);
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

        // Signed out, the browser is nobody.
        await bob.Page.ClickAsync("rewas-sign-in > button.quiet");
        await bob.Page.WaitForSelectorAsync("rewas-sign-in > button:not(.quiet)");
        Assert.Equal(401, (await bob.AskAsync("(await fetch('/v1/me')).status")).GetInt32());
    }

    static async Task SignInAsync(IPage page, string key)
    {
        if (!await page.IsVisibleAsync("#sign-in-secret"))
            await page.ClickAsync("rewas-sign-in > button");
        await page.FillAsync("#sign-in-secret", key);
        await page.ClickAsync("rewas-sign-in dialog button.main");
    }
}
