namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The agent in the page does what could be done by hand.</summary>
public sealed class ConversationPanelTests
{
    const string Markup = "<img src=x onerror=window.xss=1><script>window.xss=1</script>";

    /// <summary>Whether the answer has ended. While it comes, the panel shows as much of it as is there.</summary>
    const string IsAnswered = "document.querySelector('rewas-conversation').answer === null "
        + "&& document.querySelector('rewas-conversation .message:last-child')?.classList.contains('assistant')";

    [Fact]
    public async Task What_the_agent_makes_becomes_the_words_and_the_sound_of_the_page()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await SayAsync("add the sound of a hammer striking wood");
        await studio.UntilAsync("studio.project.document.renders.length === 1");
        await studio.UntilAsync("studio.making.sound(studio.project.document.renders[0].sound)?.status === 'succeeded'");
        Assert.Contains("hammer", await page.InputValueAsync("#prompt"), StringComparison.Ordinal);
        Assert.Equal(2, await page.Locator("rewas-conversation .message").CountAsync());
        Assert.DoesNotContain("/v1/chat/", await page.TextContentAsync("rewas-conversation"), StringComparison.Ordinal);

        // The sound is the agent's own, and one step takes its words back.
        await page.ClickAsync("header button[title='Ctrl+Z']");
        Assert.Equal("", await page.InputValueAsync("#prompt"));

        // The conversation goes on after a reload.
        await studio.UntilAsync("studio.store.state === 'saved'");
        await page.ReloadAsync();
        await studio.LookedAsync();
        await SayAsync("what do you see?");
        await studio.UntilAsync("document.querySelectorAll('rewas-conversation .message').length === 4");
        Assert.Empty(studio.Complaints);

        async Task SayAsync(string words)
        {
            await page.ClickAsync("#tab-rewas-conversation");
            await page.FillAsync("rewas-conversation textarea", words);
            await page.Keyboard.PressAsync("Enter");
            await studio.UntilAsync(IsAnswered);
        }
    }

    [Fact]
    public async Task Markup_in_the_words_of_a_model_is_text()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        var chunk = System.Text.Json.JsonSerializer.Serialize(new
        {
            choices = new[] { new { delta = new { content = Markup + "[" + Markup + "](javascript:window.xss=1)" } } },
            metadata = new { session = "s", activity = Markup },
        });
        await page.RouteAsync("**/v1/chat/completions", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = $"data: {chunk}\n\ndata: [DONE]\n\n",
        }));
        await page.ClickAsync("#tab-rewas-conversation");
        await page.FillAsync("rewas-conversation textarea", Markup);
        await page.ClickAsync("rewas-conversation button.main");
        await studio.UntilAsync(IsAnswered);
        Assert.Contains(Markup, await page.TextContentAsync("rewas-conversation .message.assistant"), StringComparison.Ordinal);
        Assert.Contains(Markup, await page.TextContentAsync("rewas-conversation .message.user"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("img, rewas-conversation a, rewas-conversation script").CountAsync());
        Assert.Equal("undefined", (await studio.AskAsync("typeof window.xss")).GetString());
        Assert.Empty(studio.Complaints);
    }
}
