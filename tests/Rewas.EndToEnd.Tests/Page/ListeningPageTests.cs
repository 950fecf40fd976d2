using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Rewas.Sound.Levels;
using Rewas.Sound.Wav;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>Listeners answer a page of `rewas evaluate listen` in a browser, and the command computes means from what they save.</summary>
public sealed partial class ListeningPageTests : IDisposable
{
    const int SampleRate = 48_000, Header = 44;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Ratings_by_keyboard_survive_a_reload_and_become_means_with_intervals()
    {
        var (page, key) = await WriteAsync();
        var sounds = SoundsOf(page);
        await using var listener = await Listener.OpenAsync(page);
        await listener.CheckAccessAsync("start");
        await listener.Page.GetByLabel("A name or number").FillAsync("one");
        await listener.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).PressAsync("Enter");
        for (var trial = 0; trial < key.Trials.Count; trial++)
        {
            await listener.HasFocusAsync("h1");
            var names = key.Trials[trial].Sounds;
            var ids = await listener.SoundIdsAsync();                          // the reference, then the hidden ones in their order
            Assert.Equal(names.Keys.Order(), ids.Skip(1).Order());
            Assert.Single(ids.Skip(1), id => sounds[id].SequenceEqual(sounds[ids[0]]));
            await listener.PlaysAsync("1", "Sound 1");
            await listener.PlaysAsync("0", "Reference");
            await listener.PlaysAsync("2", "Sound 2");
            await listener.PlaysAsync("s", null);
            for (var i = 1; i < ids.Count; i++)
            {
                var slider = listener.Page.GetByRole(AriaRole.Slider, new() { Name = $"Rating of sound {i}" });
                Assert.Equal("not rated", await slider.GetAttributeAsync("aria-valuetext"));
                Assert.True(await listener.Next.IsDisabledAsync());
                switch (names[ids[i]])
                {
                    case "reference":
                        await slider.PressAsync("End");
                        Assert.Equal("100, excellent", await slider.GetAttributeAsync("aria-valuetext"));
                        break;
                    case "ours":
                        await slider.FillAsync($"{60 + 10 * trial}");
                        break;
                    default:
                        await slider.PressAsync("Home");                       // a rating of 0 moves nothing
                        Assert.Equal("0, bad", await slider.GetAttributeAsync("aria-valuetext"));
                        break;
                }
                if (i == 2)
                {
                    await listener.CheckAccessAsync("page of ratings");
                    var before = await listener.RatingsAsync();
                    await listener.Page.ReloadAsync();
                    await listener.Next.WaitForAsync();
                    Assert.Equal(before, await listener.RatingsAsync());
                }
            }
            Assert.False(await listener.Next.IsDisabledAsync());
            await listener.Page.Keyboard.PressAsync("n");
        }
        await listener.CheckAccessAsync("end");
        await listener.SaveAsync(folder.File("one.json"));
        await listener.Page.GetByRole(AriaRole.Button, new() { Name = "Delete the answers" }).PressAsync("Space");
        await listener.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).WaitForAsync();
        Assert.All(listener.Requests, address => Assert.True(
            address == listener.Address || address.StartsWith("blob:", StringComparison.Ordinal), address));
        Assert.Empty(listener.Complaints);

        using var figures = await FiguresAsync("one.json");
        var systems = figures.RootElement.GetProperty("systems").EnumerateArray().ToDictionary(
            system => system.GetProperty("system").GetString()!, system => system);
        Assert.Equal(["anchor 3.5 kHz", "ours", "reference"], systems.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((100, 65, 0), (Mean("reference"), Mean("ours"), Mean("anchor 3.5 kHz")));
        var interval = systems["ours"].GetProperty("interval");
        Assert.InRange(interval.GetProperty("low").GetDouble(), 60, 65);
        Assert.InRange(interval.GetProperty("high").GetDouble(), 65, 70);

        double Mean(string system) => systems[system].GetProperty("mean").GetDouble();
    }

    [Fact]
    public async Task The_hidden_reference_is_the_reference_the_anchor_is_dull_and_all_are_equally_loud()
    {
        var (page, key) = await WriteAsync();
        var sounds = SoundsOf(page);
        foreach (var trial in key.Trials)
        {
            var samples = trial.Sounds.ToDictionary(sound => sound.Value, sound => Samples(sounds[sound.Key]));
            Assert.All(samples.Values, sound => Assert.Equal(-23, LoudnessOf(sound), 0.3));
            Assert.True(High(samples["anchor 3.5 kHz"]) < 1e-4 * High(samples["reference"]));
            Assert.Contains(sounds, sound => !trial.Sounds.ContainsKey(sound.Key)
                && sound.Value.SequenceEqual(sounds[trial.Sounds.Single(one => one.Value == "reference").Key]));
        }
    }

    [Fact]
    public async Task An_ABX_listener_says_by_keys_what_X_is_and_finds_it_kept_after_a_reload()
    {
        var (page, key) = await WriteAsync("--abx");
        await using var listener = await Listener.OpenAsync(page);
        await listener.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        foreach (var trial in key.Trials)
        {
            await listener.HasFocusAsync("h1");
            var ids = await listener.SoundIdsAsync();                          // A, B, X
            await listener.PlaysAsync("x", "X");
            await listener.PlaysAsync("a", "A");
            await listener.PlaysAsync("b", "B");
            await listener.PlaysAsync("s", null);
            await listener.CheckAccessAsync("page of a choice");
            Assert.True(await listener.Next.IsDisabledAsync());
            // A listener who hears no difference would be right by half. This one knows the key.
            var letter = ids[0] == trial.X ? "A" : "B";
            await listener.Page.Keyboard.PressAsync(letter == "A" ? "1" : "2");
            await listener.Page.ReloadAsync();
            Assert.True(await listener.Page.GetByRole(AriaRole.Radio, new() { Name = letter, Exact = true }).IsCheckedAsync());
            await listener.Next.FocusAsync();
            await listener.Page.Keyboard.PressAsync("Space");                  // it presses the button and does not only stop the sound
        }
        await listener.SaveAsync(folder.File("abx.json"));
        using var figures = await FiguresAsync("abx.json");
        var right = figures.RootElement.GetProperty("systems")[0];
        Assert.Equal(("right answers", 1, 2), (
            right.GetProperty("system").GetString(), right.GetProperty("mean").GetDouble(), right.GetProperty("answers").GetInt32()));
        Assert.Equal(0.25, figures.RootElement.GetProperty("chance").GetDouble(), 6);
    }

    /// <summary>A listening test of two clips: noise with clicks, and a system whose sounds are quieter and have another noise.</summary>
    async Task<(string Page, Key Key)> WriteAsync(params string[] more)
    {
        var random = new Random(5);
        foreach (var (system, level) in new[] { ("true", 0.2f), ("ours", 0.03f) })
        {
            Directory.CreateDirectory(folder.File(system));
            foreach (var clip in new[] { "rain", "door" })
                await WavFile.WriteAsync(
                    Path.Combine(folder.File(system), $"{clip}.wav"),
                    new([.. Enumerable.Range(0, 2 * 16_000).Select(_ => level * (2 * random.NextSingle() - 1))], 16_000));
        }
        var page = folder.File("listen.html");
        var written = await Programs.EvaluateAsync(["listen", folder.File("true"), folder.File("ours"), "-o", page, .. more]);
        Assert.True(written.ExitCode == 0, written.Error);
        var key = await File.ReadAllTextAsync(folder.File("listen.key.json"));
        return (page, JsonSerializer.Deserialize<Key>(key, JsonSerializerOptions.Web)!);
    }

    async Task<JsonDocument> FiguresAsync(string answers)
    {
        var computed = await Programs.EvaluateAsync(
            "listen", "--answers", folder.File(answers), "--key", folder.File("listen.key.json"), "--json");
        Assert.True(computed.ExitCode == 0, computed.Error);
        return JsonDocument.Parse(computed.Output);
    }

    /// <summary>The sounds in a page as WAV files, by id.</summary>
    static Dictionary<string, byte[]> SoundsOf(string page) => Sound().Matches(File.ReadAllText(page))
        .ToDictionary(match => match.Groups[1].Value, match => Convert.FromBase64String(match.Groups[2].Value));

    [GeneratedRegex("id=\"sound-([0-9a-f]+)\">([A-Za-z0-9+/=]+)")]
    private static partial Regex Sound();

    static float[] Samples(byte[] wave) =>
        [.. Enumerable.Range(0, (wave.Length - Header) / 2).Select(i => BitConverter.ToInt16(wave, Header + 2 * i) / 32_768f)];

    static double LoudnessOf(float[] samples)
    {
        var meter = new LoudnessMeter(SampleRate, channels: 1);
        meter.Add(samples);
        return meter.Integrated();
    }

    /// <summary>Power of the tones at 4 to 7 kHz, by ten of them.</summary>
    static double High(float[] samples) => Enumerable.Range(0, 10).Sum(tone =>
    {
        var (real, imaginary, hertz) = (0.0, 0.0, 4000 + 300 * tone);
        for (var i = 0; i < samples.Length; i++)
        {
            var (sine, cosine) = Math.SinCos(Math.Tau * hertz * i / SampleRate);
            (real, imaginary) = (real + cosine * samples[i], imaginary + sine * samples[i]);
        }
        return real * real + imaginary * imaginary;
    });

    sealed record Key(IReadOnlyList<KeyTrial> Trials);

    sealed record KeyTrial(IReadOnlyDictionary<string, string> Sounds, string? X);

    /// <summary>A browser in which one listener has the page open.</summary>
    sealed class Listener(IPlaywright playwright, IBrowser browser, IPage page, string address) : IAsyncDisposable
    {
        readonly ConcurrentQueue<string> requests = new(), complaints = new();

        public IPage Page => page;

        public string Address => address;

        public IReadOnlyCollection<string> Requests => requests;

        public IReadOnlyCollection<string> Complaints => complaints;

        public ILocator Next => page.Locator("#next");

        public static async Task<Listener> OpenAsync(string path)
        {
            var (playwright, browser) = await StudioBrowser.LaunchAsync();
            var context = await browser.NewContextAsync(new() { AcceptDownloads = true });
            context.SetDefaultTimeout((float)Wait.Patience.TotalMilliseconds);
            var opened = new Listener(playwright, browser, await context.NewPageAsync(), new Uri(path).AbsoluteUri);
            context.Request += (_, request) => opened.requests.Enqueue(request.Url);
            context.WebError += (_, failure) => opened.complaints.Enqueue(failure.Error);
            context.Console += (_, message) =>
            {
                if (message.Type == "error")
                    opened.complaints.Enqueue(message.Text);
            };
            await opened.Page.GotoAsync(opened.Address);
            return opened;
        }

        /// <summary>Presses a key, and waits until exactly one button is shown as playing; null for none.</summary>
        public async Task PlaysAsync(string pressed, string? name)
        {
            await page.Keyboard.PressAsync(pressed);
            await Wait.UntilAsync(
                async () => string.Join(',', await page.Locator("button[aria-pressed=true]").AllTextContentsAsync()) == (name ?? ""),
                $"key {pressed} plays {name ?? "nothing"}");
        }

        public Task HasFocusAsync(string selector) =>
            Wait.UntilAsync(async () => await page.Locator($"{selector}:focus").CountAsync() == 1, $"{selector} has the focus");

        public async Task<IReadOnlyList<string>> SoundIdsAsync() =>
            await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('button[data-sound]')].map(one => one.dataset.sound)");

        public async Task<string> RatingsAsync() => string.Join(' ', await page.Locator("output").AllTextContentsAsync());

        public async Task SaveAsync(string path)
        {
            var saved = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#save"));
            await saved.SaveAsAsync(path);
        }

        public async Task CheckAccessAsync(string view)
        {
            var result = await page.RunAxe();
            Assert.True(result.Violations.Length == 0, $"{view}: " + string.Join('\n', result.Violations.Select(violation =>
                $"{violation.Id}: {violation.Help}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}")));
        }

        public async ValueTask DisposeAsync()
        {
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }
}
