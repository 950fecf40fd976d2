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
        AssertHit(StudioOverGrpc.Samples(path, rate: 16_000), 2.0);

        // Everything came from this server, and the page's policy had nothing to stop.
        Assert.All(studio.Requests, address => Assert.True(
            address.StartsWith(served.Web + "/", StringComparison.Ordinal) || address.StartsWith("blob:", StringComparison.Ordinal)
            || address.StartsWith("data:", StringComparison.Ordinal), address));
        Assert.Empty(studio.Complaints);
    }

    /// <summary>
    /// Asserts that a hit is heard within 20 ms of a time: the loudest moment within 0.15 s begins there, and is 6 dB louder than what is
    /// round it.
    /// </summary>
    static void AssertHit(byte[] bytes, double seconds)
    {
        const int rate = 16_000, frame = 160, hop = 80;                      // 10 ms, every 5 ms
        const double reach = 0.15, sameLevel = 3, leastRise = 6;
        var samples = MemoryMarshal.Cast<byte, float>(bytes);
        var first = (int)((seconds - reach) * rate);
        var levels = new double[(int)(2 * reach * rate) / hop];
        for (var i = 0; i < levels.Length; i++)
            levels[i] = Decibels(samples.Slice(first + i * hop, frame));
        var loudest = levels.Max();
        var onset = (double)(first + Array.FindIndex(levels, level => level >= loudest - sameLevel) * hop) / rate;
        Assert.InRange(onset, seconds - 0.02, seconds + 0.02);
        var median = levels.Order().ElementAt(levels.Length / 2);
        Assert.True(loudest >= median + leastRise, string.Join(' ', levels.Select(level => $"{level:0.0}")));
    }

    static double Decibels(ReadOnlySpan<float> samples)
    {
        var power = 1e-12;
        foreach (var sample in samples)
            power += sample * (double)sample / samples.Length;
        return 10 * Math.Log10(power);
    }
}
