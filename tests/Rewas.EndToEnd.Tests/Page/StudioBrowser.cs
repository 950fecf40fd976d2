using System.Collections.Concurrent;
using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The studio in a browser, with what it asked for and what it complained of.</summary>
sealed class StudioBrowser : IAsyncDisposable
{
    /// <summary>The element that owns the page, whose studio the tests ask.</summary>
    const string Root = "(document.querySelector('rewas-studio')?.studio ?? null)";

    /// <summary>What Playwright says of an expression whose page was left meanwhile.</summary>
    const string Left = "Execution context was destroyed";

    static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    readonly IPlaywright playwright;
    readonly IBrowser browser;
    readonly ConcurrentQueue<string> requests = new(), refusals = new(), complaints = new();

    StudioBrowser(IPlaywright playwright, IBrowser browser, IBrowserContext context, string address)
    {
        (this.playwright, this.browser, Context, Address) = (playwright, browser, context, address);
        context.Request += (_, request) => requests.Enqueue(request.Url);
        context.Response += (_, response) =>
        {
            if (response.Status >= 400)
                refusals.Enqueue($"{response.Status} to {response.Request.Method} {response.Url}");
        };
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Enqueue(message.Text);
        };
        context.WebError += (_, failure) => complaints.Enqueue(failure.Error);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; private set; } = null!;

    /// <summary>Address of the web API.</summary>
    public string Address { get; }

    /// <summary>Every address that was asked for.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>Errors of scripts, and what the page's policy has stopped.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Opens the studio; skips the test where there is no browser.</summary>
    /// <param name="address">Of the web API.</param>
    public static async Task<StudioBrowser> OpenAsync(string address, Action<BrowserNewContextOptions>? change = null)
    {
        var (playwright, browser) = await LaunchAsync();
        var options = new BrowserNewContextOptions
        {
            ViewportSize = new() { Width = 1440, Height = 900 },
            Locale = "en-GB",
            AcceptDownloads = true,
        };
        change?.Invoke(options);
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Wait.Patience.TotalMilliseconds);
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', "
            + "event => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))");
        var opened = new StudioBrowser(playwright, browser, context, address);
        opened.Page = await opened.NewTabAsync("/studio");
        return opened;
    }

    /// <summary>Starts a browser; skips the test where there is none.</summary>
    public static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        var program = Array.Find(Programs, File.Exists);
        Assert.SkipWhen(program is null, "chromium is not installed");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        });
        return (playwright, browser);
    }

    public async Task<IPage> NewTabAsync(string path)
    {
        var page = await Context.NewPageAsync();
        await page.GotoAsync(Address + path);
        await page.WaitForSelectorAsync("rewas-studio header");
        return page;
    }

    /// <summary>
    /// Sends a film and waits until the server has looked at it and keeps it. What is done before it is kept is not being saved yet.
    /// </summary>
    public async Task SendFilmAsync(string path)
    {
        await Page.SetInputFilesAsync("rewas-start input[type=file]", path);
        await LookedAsync();
        await UntilAsync("studio.store.id !== null");
    }

    public Task LookedAsync() => UntilAsync("studio.film.stage === 'ready' && studio.energy.curve !== null");

    /// <summary>
    /// Waits until an expression about the studio is true, also while the page is led elsewhere and back. Playwright's own waiting
    /// evaluates text in the page, which the page's policy stops.
    /// </summary>
    public async Task UntilAsync(string expression, IPage? page = null)
    {
        try
        {
            await Wait.UntilAsync(() => IsTrueAsync(expression, page), expression);
        }
        catch (Xunit.Sdk.TrueException late)
        {
            Assert.Fail($"{late.Message}; the page: {await AskAsync(State, page)}; refused: {string.Join(", ", refusals)}");
        }
    }

    /// <summary>Whether an expression is true. Nothing is true of a page that has no studio, or is being left.</summary>
    async Task<bool> IsTrueAsync(string expression, IPage? page)
    {
        try
        {
            return await AskAsync($"studio !== null && ({expression})", page) is { ValueKind: JsonValueKind.True };
        }
        catch (PlaywrightException left) when (left.Message.Contains(Left, StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>What a failed test tells of the page.</summary>
    const string State = "studio === null ? document.body.innerText.slice(0, 500) "
        + ": ({ film: studio.film.stage, filmFailure: String(studio.film.failure), store: studio.store.state, "
        + "curve: studio.energy.curve !== null, curveFailure: String(studio.energy.failure), "
        + "project: studio.store.id, caller: studio.session.who?.caller ?? null, signInIsAsked: studio.session.isAsked, "
        + "signInRefusal: studio.session.refusal, requestsWait: studio.session.isWaiting, "
        + "text: document.body.innerText.slice(0, 500) })";

    /// <summary>The value of an expression about the studio.</summary>
    public async Task<JsonElement> AskAsync(string expression, IPage? page = null) =>
        await (page ?? Page).EvaluateAsync<JsonElement>($"async () => {{ const studio = {Root}; return ({expression}) ?? null; }}");

    /// <summary>Orders the sound that the page wishes, and waits until it has ended.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> MakeAsync()
    {
        var before = (await AskAsync("studio.project.document.renders.length")).GetInt32();
        await Page.ClickAsync("rewas-words button.main");
        await UntilAsync($"studio.project.document.renders.length > {before}");
        await UntilAsync("studio.making.sound(studio.project.document.renders[0].sound)?.status === 'succeeded'");
        return (await AskAsync("studio.project.document.renders[0].sound")).GetString()!;
    }

    /// <summary>Fails with what axe finds in the page as it is.</summary>
    /// <param name="view">Names it in the failure.</param>
    public async Task CheckAccessAsync(string view)
    {
        var result = await Page.RunAxe();
        Assert.True(result.Violations.Length == 0, $"{view}: " + string.Join('\n', result.Violations.Select(violation =>
            $"{violation.Id}: {violation.Help}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}")));
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
