namespace Rewas.EndToEnd.Tests.Page;

/// <summary>No other test runs beside these, because they measure how late frames are shown.</summary>
[CollectionDefinition(nameof(PlayheadTests), DisableParallelization = true)]
public sealed class PlayheadCollection;

/// <summary>The picture and the sound stand at the same moment, and a step is a frame.</summary>
[Collection(nameof(PlayheadTests))]
public sealed class PlayheadTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task Stepping_shows_every_frame_of_a_film_with_29_97_frames_a_second()
    {
        var film = clips.Make("ntsc.mp4", "testsrc2=size=320x180:rate=30000/1001:duration=2", "-c:v", "libx264", "-g", "12", "-bf", "2");
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        await studio.SendFilmAsync(film);
        await studio.UntilAsync("document.querySelector('video').readyState >= 2");

        // Each step is made when the frame before it has been shown; the browser itself says which frame that was.
        var shown = await studio.AskAsync("""
            await (async () => {
                const video = document.querySelector('video');
                const times = [];
                const shown = () => new Promise(done => video.requestVideoFrameCallback((_, frame) => done(frame.mediaTime)));
                const next = press => {
                    const time = shown();
                    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: press, bubbles: true }));
                    return time;
                };
                // The film's first frame may be shown only now.
                for (let time = await next('End'); time < 1.9; ) time = await shown();
                times.push(await next('Home'));
                for (let frame = 1; frame < 59; frame++) times.push(await next('ArrowRight'));
                for (let frame = 57; frame >= 50; frame--) times.push(await next('ArrowLeft'));
                return times;
            })()
            """);
        var frames = shown.EnumerateArray().Select(time => time.GetDouble() * 30000 / 1001).ToArray();
        int[] expected = [.. Enumerable.Range(0, 59), .. Enumerable.Range(50, 8).Reverse()];
        Assert.Equal(expected, frames.Select(frame => (int)Math.Round(frame)));
        Assert.All(frames, frame => Assert.Equal(Math.Round(frame), frame, 0.02));
    }

    [Fact]
    public async Task Picture_and_sound_stay_within_one_frame_over_a_minute_of_play()
    {
        using var bundle = new TinyBundle();
        var film = clips.Make("minute.mp4", "testsrc2=size=320x180:rate=25:duration=63", "-c:v", "libx264", "-preset", "ultrafast");
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        await studio.SendFilmAsync(film);
        await studio.Page.FillAsync("#prompt", "rain");
        await studio.MakeAsync();
        await studio.Page.ClickAsync("rewas-transport button[aria-keyshortcuts=Space]");
        await studio.UntilAsync("studio.playback.position > 30");
        // The sum of the sources reaches the meter, so the clock is that of a sound.
        await studio.UntilAsync("studio.playback.meter.reading?.momentary > -70");
        await studio.UntilAsync("studio.playback.position > 61");
        var drift = await studio.AskAsync("studio.playback.drift");
        var (frames, wrong) = (drift.GetProperty("frames").GetInt32(), drift.GetProperty("wrong").GetInt32());
        TestContext.Current.TestOutputHelper?.WriteLine(drift.ToString());
        Assert.True(frames > 0);
        Assert.True(wrong <= frames / 100, drift.ToString());
    }
}
