namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The desk under the hand: the keys of an editor, a loop, and the pointer on every lane.</summary>
public sealed class DeskTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const double Seconds = 12;

    /// <summary>Seconds of a film that does not end, at four times its speed, while a busy machine looks at the page once.</summary>
    const double ManySeconds = 60;

    [Fact]
    public async Task J_K_and_L_shuttle_and_a_loop_goes_round()
    {
        await using var desk = await OpenAsync(ManySeconds);
        var (studio, keys) = (desk.Studio, desk.Studio.Page.Keyboard);
        await keys.PressAsync("l");
        await studio.UntilAsync("studio.playback.rate === 1 && studio.playback.position > 0.2");
        await keys.PressAsync("l");
        await studio.UntilAsync("studio.playback.rate === 2");
        await keys.PressAsync("k");
        await studio.UntilAsync("studio.playback.rate === 0 && !studio.playback.isPlaying");
        var stood = (await studio.AskAsync("studio.playback.position")).GetDouble();
        await keys.PressAsync("End");
        await keys.PressAsync("j");
        await studio.UntilAsync($"studio.playback.rate === -1 && studio.playback.position < {ManySeconds} - 0.2");
        await keys.PressAsync("j");
        await keys.PressAsync("j");
        await studio.UntilAsync("studio.playback.rate === -4");
        // The other direction begins at once, at the usual speed.
        await keys.PressAsync("l");
        await studio.UntilAsync("studio.playback.rate === 1");
        await keys.PressAsync("k");
        Assert.True(stood < ManySeconds);

        // I and O take the playhead; R goes round in what they have selected. A round is heard as a jump back.
        await studio.AskAsync("studio.playback.seek(2)");
        await keys.PressAsync("i");
        await studio.AskAsync("studio.playback.seek(2.6)");
        await keys.PressAsync("o");
        Assert.Equal("""{"from":2,"to":2.6}""", (await studio.AskAsync("JSON.stringify(studio.view.selection)")).GetString());
        await keys.PressAsync("r");
        await studio.AskAsync("studio.playback.seek(2)");
        await keys.PressAsync("Space");
        var told = await studio.AskAsync(
            """
            await new Promise(done => {
                let [last, rounds, furthest, longest, looked] = [0, 0, 0, 0, performance.now()];
                const look = () => {
                    const { position } = studio.playback;
                    const now = performance.now();
                    [longest, looked] = [Math.max(longest, now - looked), now];
                    if (position < last - 0.2) rounds++;
                    furthest = Math.max(furthest, position);
                    last = position;
                    if (rounds === 3) done([furthest, longest / 1000]);
                    else requestAnimationFrame(look);
                };
                look();
            })
            """);
        // The page goes back with a frame of its own. On a busy machine these come late.
        var (furthest, late) = (told[0].GetDouble(), told[1].GetDouble());
        Assert.InRange(furthest, 2.3 - late, 3.2 + late);
        await keys.PressAsync("r");
        await studio.UntilAsync("studio.playback.loop === null && studio.playback.position > 2.8");
        await keys.PressAsync("Space");
        Assert.Empty(studio.Complaints);
    }

    [Fact]
    public async Task The_pointer_moves_the_playhead_selects_draws_and_moves_events()
    {
        await using var desk = await OpenAsync();
        var (studio, page) = (desk.Studio, desk.Studio.Page);

        // An even curve has no events in the way of the pointer.
        await studio.AskAsync("studio.project.do({ change: () => ({ curve: Array(1200).fill(-5) }) })");
        await studio.UntilAsync("studio.energy.curve?.onsets.length === 0");

        // The ruler and the pictures drag the playhead; the waveform goes there by a click and selects by a drag.
        await desk.DragAsync("rewas-ruler", 1, 4);
        await desk.IsAtAsync(4);
        await desk.DragAsync("rewas-filmstrip", 4, 2.5);
        await desk.IsAtAsync(2.5);
        await desk.ClickAsync("rewas-waveform .wave", 6);
        await desk.IsAtAsync(6);
        await desk.DragAsync("rewas-waveform .wave", 7, 9);
        await desk.IsSelectedAsync(7, 9);

        // In the energy lane a drag selects, a click takes the selection back and goes there.
        await desk.DragAsync("rewas-energy canvas", 3, 5);
        await desk.IsSelectedAsync(3, 5);
        await desk.ClickAsync("rewas-energy canvas", 8.5, y: 30);
        await studio.UntilAsync("studio.view.selection === null");
        await desk.IsAtAsync(8.5);

        // Alt adds an event where the pointer is; dragged by its triangle, it is elsewhere.
        await page.Keyboard.DownAsync("Alt");
        await desk.ClickAsync("rewas-energy canvas", 6, y: 30);
        await page.Keyboard.UpAsync("Alt");
        await studio.UntilAsync("/^event (5\\.9|6)\\d*s=/.test(studio.project.document.edits[0] ?? '')");
        await studio.UntilAsync("studio.energy.curve.onsets.some(onset => Math.abs(onset - 6) < 0.06)");
        var onset = (await studio.AskAsync("studio.energy.curve.onsets.find(onset => Math.abs(onset - 6) < 0.06)")).GetDouble();
        await desk.DragAsync("rewas-energy canvas", onset, onset + 1, y: 160);
        await studio.UntilAsync("/^shift .*=\\+(0\\.9\\d?|1|1\\.0\\d?)s$/.test(studio.project.document.edits[1] ?? '')");

        // What is drawn is an edit with the points of the pointer; what is erased is an event.
        await page.ClickAsync("rewas-energy-tools button >> text=Draw");
        await desk.DragAsync("rewas-energy canvas", 1, 2, y: 60);
        await studio.UntilAsync("/^draw (0\\.9\\d|1|1\\.0\\d)s=.*,(1\\.9\\d|2|2\\.0\\d)s=/.test(studio.project.document.edits[2] ?? '')");
        await page.Keyboard.PressAsync("Control+z");
        await studio.UntilAsync("studio.project.document.edits.length === 2");

        // The wheel zooms round the pointer, and scrolls.
        await page.HoverAsync("rewas-energy canvas");
        await page.Keyboard.DownAsync("Control");
        await page.Mouse.WheelAsync(0, -960);
        await page.Keyboard.UpAsync("Control");
        await studio.UntilAsync("!studio.view.isWhole");
        var start = (await studio.AskAsync("studio.view.start")).GetDouble();
        await page.Mouse.WheelAsync(80, 0);
        await studio.UntilAsync(FormattableString.Invariant($"studio.view.start > {start}"));
        Assert.Empty(studio.Complaints);
    }

    async Task<Desk> OpenAsync(double seconds = Seconds)
    {
        var bundle = new TinyBundle();
        var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        var studio = await StudioBrowser.OpenAsync(served.Web);
        var desk = new Desk(bundle, served, studio);
        await studio.SendFilmAsync(clips.Plain("desk.mp4", $"testsrc2=size=128x96:rate=25:duration={seconds}"));
        await studio.UntilAsync("document.querySelector('video').readyState >= 2 && studio.view.width > 100");
        // The words of a new film are written first. Without the field, the keys are those of the desk.
        await studio.UntilAsync("document.activeElement?.id === 'prompt'");
        await studio.AskAsync("document.activeElement.blur()");
        return desk;
    }

    sealed class Desk(TinyBundle bundle, ServedStudio served, StudioBrowser studio) : IAsyncDisposable
    {
        public StudioBrowser Studio => studio;

        public async Task DragAsync(string lane, double from, double to, double y = 8)
        {
            var (mouse, steps) = (studio.Page.Mouse, 8);
            var (first, last) = (await AtAsync(lane, from, y), await AtAsync(lane, to, y));
            await mouse.MoveAsync(first.X, first.Y);
            await mouse.DownAsync();
            await mouse.MoveAsync(last.X, last.Y, new() { Steps = steps });
            await mouse.UpAsync();
        }

        public async Task ClickAsync(string lane, double seconds, double y = 8)
        {
            var at = await AtAsync(lane, seconds, y);
            await studio.Page.Mouse.ClickAsync(at.X, at.Y);
        }

        public Task IsAtAsync(double seconds) => studio.UntilAsync(FormattableString.Invariant(
            $"Math.abs(studio.playback.position - {seconds}) < 0.05"));

        public Task IsSelectedAsync(double from, double to) => studio.UntilAsync(FormattableString.Invariant(
            $"Math.abs((studio.view.selection?.from ?? -9) - {from}) < 0.1 && Math.abs((studio.view.selection?.to ?? -9) - {to}) < 0.1"));

        async Task<(float X, float Y)> AtAsync(string lane, double seconds, double y)
        {
            var place = studio.Page.Locator(lane).First;
            await place.ScrollIntoViewIfNeededAsync();
            var box = (await place.BoundingBoxAsync())!;
            var x = (await studio.AskAsync(FormattableString.Invariant($"studio.view.xOf({seconds})"))).GetDouble();
            return ((float)(box.X + x), (float)(box.Y + y));
        }

        public async ValueTask DisposeAsync()
        {
            await studio.DisposeAsync();
            served.Dispose();
            bundle.Dispose();
        }
    }
}
