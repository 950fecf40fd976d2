using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>A film of ten minutes takes little more of the browser than a short one.</summary>
public sealed class LongFilmTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const int Seconds = 600;
    const long MostBytes = 500L << 20;

    static readonly string Trace = Path.Combine(Programs.RepositoryRoot, "docs", "studio", "scrolling.trace.json.gz");

    /// <summary>Scrolls at each frame of the screen, forth and back, zoomed in, and tells the time of each frame, ms.</summary>
    const string Scroll =
        """
        await (async () => {
            const { view } = studio;
            view.zoom(8, 0);
            const times = [];
            let last = await new Promise(requestAnimationFrame);
            for (let i = 0; i < 240; i++) {
                view.scrollTo(view.start + (i < 120 ? 0.25 : -0.25));
                const now = await new Promise(requestAnimationFrame);
                times.push(now - last);
                last = now;
            }
            return times;
        })()
        """;

    [Fact]
    public async Task The_page_of_a_film_of_ten_minutes_stays_below_500_MB()
    {
        await using var opened = await OpenAsync();
        var studio = opened.Studio;
        await studio.Page.ClickAsync("rewas-transport button[aria-keyshortcuts=Space]");
        // Sound is played here and there along the film, so that each part of it was held once.
        for (var at = 0; at < Seconds; at += 100)
        {
            await studio.AskAsync($"studio.playback.seek({at})");
            await studio.UntilAsync($"studio.playback.position > {at} + 1");
        }
        await studio.AskAsync(Scroll);
        var bytes = Bytes();
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes >> 20} MB");
        Assert.InRange(bytes, 1 << 20, MostBytes);
    }

    /// <summary>Run it by hand on a quiet machine.</summary>
    [Fact(Explicit = true)]
    public async Task Scrolling_is_traced_at_60_frames_a_second()
    {
        await using var opened = await OpenAsync();
        var studio = opened.Studio;
        await studio.AskAsync(Scroll);                                       // everything is compiled and drawn once
        await studio.AskAsync("studio.view.fit()");
        var session = await studio.Context.NewCDPSessionAsync(studio.Page);
        var (events, ended) = (new JsonArray(), new TaskCompletionSource());
        session.Event("Tracing.dataCollected").OnEvent += (_, told) =>
        {
            foreach (var one in told!.Value.GetProperty("value").EnumerateArray())
                events.Add(JsonNode.Parse(one.GetRawText()));
        };
        session.Event("Tracing.tracingComplete").OnEvent += (_, _) => ended.TrySetResult();
        await session.SendAsync(
            "Tracing.start", new() { ["categories"] = "devtools.timeline,disabled-by-default-devtools.timeline.frame" });
        var times = (await studio.AskAsync(Scroll)).EnumerateArray().Select(time => time.GetDouble()).Order().ToArray();
        await session.SendAsync("Tracing.end");
        await ended.Task.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
        var json = Encoding.UTF8.GetBytes(new JsonObject { ["traceEvents"] = events }.ToJsonString());
        await using (var file = new GZipStream(File.Create(Trace), CompressionLevel.SmallestSize))
            await file.WriteAsync(json, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{times.Length} frames: mean {times.Average():0.0} ms, median {times[times.Length / 2]:0.0} ms, ")
            + FormattableString.Invariant($"95 % {times[times.Length * 95 / 100]:0.0} ms, {Bytes() >> 20} MB"));
        Assert.True(times.Average() < 1000.0 / 55, FormattableString.Invariant($"a frame took {times.Average():0.0} ms on the mean"));
    }

    /// <summary>Memory that the largest renderer of this test holds for itself alone.</summary>
    static long Bytes() => Directory.EnumerateDirectories("/proc").Max(process =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _) && IsRenderer(process) && DescendsFromThis(process)
                ? PrivateBytes(process)
                : 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    });

    static bool IsRenderer(string process) =>
        File.ReadAllText(Path.Combine(process, "cmdline")).Contains("--type=renderer", StringComparison.Ordinal);

    static long PrivateBytes(string process) => 1024 * File.ReadLines(Path.Combine(process, "smaps_rollup"))
        .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));

    static bool DescendsFromThis(string process)
    {
        for (var id = Path.GetFileName(process); id is not "0" and not "1";)
        {
            if (id == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
                return true;
            var stat = File.ReadAllText($"/proc/{id}/stat");
            id = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
        }
        return false;
    }

    async Task<Opened> OpenAsync()
    {
        var bundle = new TinyBundle();
        var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        var studio = await StudioBrowser.OpenAsync(served.Web);
        var film = clips.Make("long.mp4", $"testsrc2=size=320x180:rate=25:duration={Seconds}", "-c:v", "libx264", "-preset", "ultrafast");
        await studio.SendFilmAsync(film);
        await studio.Page.FillAsync("#prompt", "rain");
        await studio.AskAsync("studio.project.do({ change: () => ({ options: { steps: 1 } }) })");
        await studio.MakeAsync();
        return new(bundle, served, studio);
    }

    sealed record Opened(TinyBundle Bundle, ServedStudio Served, StudioBrowser Studio) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Studio.DisposeAsync();
            Served.Dispose();
            Bundle.Dispose();
        }
    }
}
