using System.Runtime.InteropServices;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>A user's whole way in the browser, from a film to a film with sound.</summary>
public sealed class WholeWayTests
{
    const string Prompt = "a hammer striking wood";

    [Fact]
    public async Task A_film_gets_its_sound_an_event_is_drawn_and_the_download_has_the_samples_of_gRPC()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        Assert.Equal(600, (await studio.AskAsync("studio.energy.curve.values.length")).GetInt32());

        // The report stands beside the words before anything runs, and so does the estimate.
        await page.FillAsync("#prompt", Prompt);
        await page.WaitForSelectorAsync(".report .verdict");
        await studio.UntilAsync("document.querySelector('.estimate').textContent.includes('×')");
        Assert.Equal(0, (await studio.AskAsync("studio.project.document.renders.length")).GetInt32());

        var first = await studio.MakeAsync();

        // An event of -6 dB at 2.00 s, by keys: sixty frames from the start.
        await page.FocusAsync("rewas-energy canvas");
        await page.Keyboard.PressAsync("Home");
        for (var tens = 0; tens < 6; tens++)
            await page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.Keyboard.PressAsync("e");
        await studio.UntilAsync("studio.project.document.edits.length === 1");
        Assert.Equal("event 2s=-6dB", (await studio.AskAsync("studio.project.document.edits[0]")).GetString());
        await studio.UntilAsync("document.querySelector('rewas-energy-tools .doubt')?.textContent.includes('will be sampled')");

        var second = await studio.MakeAsync();
        Assert.NotEqual(first, second);

        // The film with its sound is the one that gRPC gives for the same order.
        await page.ClickAsync("#tab-rewas-export");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("rewas-export form").First.Locator("button").ClickAsync());
        var path = served.Folder.File("download.mp4");
        await download.SaveAsAsync(path);
        Assert.EndsWith(".mp4", download.SuggestedFilename, StringComparison.Ordinal);
        var order = new StartRenderRequest
        {
            Options = new() { Prompt = Prompt },
            Edits = { new CurveEdit { Event = new() { AtSeconds = 2, Decibels = -6 } } },
        };
        var expected = served.Folder.File("expected.mp4");
        await File.WriteAllBytesAsync(
            expected, await StudioOverGrpc.MakeAsync(served.Grpc, Programs.Sample, order), TestContext.Current.CancellationToken);
        Assert.Equal(StudioOverGrpc.Samples(expected), StudioOverGrpc.Samples(path));
        Assert.InRange(OnsetNear(StudioOverGrpc.Samples(path, rate: 16_000), 2.0), 1.98, 2.02);

        // Everything came from this server, and the page's policy had nothing to stop.
        Assert.All(studio.Requests, address => Assert.True(
            address.StartsWith(served.Web + "/", StringComparison.Ordinal) || address.StartsWith("blob:", StringComparison.Ordinal)
            || address.StartsWith("data:", StringComparison.Ordinal), address));
        Assert.Empty(studio.Complaints);
    }

    /// <summary>The time of the steepest rise of the level within 0.15 s of a time, s.</summary>
    static double OnsetNear(byte[] bytes, double seconds)
    {
        const int rate = 16_000, hop = 40;                                   // 2.5 ms
        var samples = MemoryMarshal.Cast<byte, float>(bytes);
        var (best, at) = (double.NegativeInfinity, 0.0);
        for (var i = (int)((seconds - 0.15) * rate); i < (seconds + 0.15) * rate; i += hop)
        {
            var rise = Level(samples.Slice(i, 4 * hop)) - Level(samples.Slice(i - 4 * hop, 4 * hop));
            if (rise > best)
                (best, at) = (rise, (double)i / rate);
        }
        return at;
    }

    static double Level(ReadOnlySpan<float> samples)
    {
        var power = 1e-9;
        foreach (var sample in samples)
            power += sample * (double)sample;
        return Math.Log(power);
    }
}
