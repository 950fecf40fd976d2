using Grpc.Core;
using Grpc.Net.Client;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The user's own recordings: dropped, found in the library, placed, banned, moved.</summary>
public sealed class ReferencePanelTests
{
    static readonly string Recordings = Path.Combine(Programs.RepositoryRoot, "docs", "reference-sounds");

    [Fact]
    public async Task Recordings_are_dropped_placed_banned_and_moved()
    {
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.FillAsync("#prompt", "a hammer");
        await page.ClickAsync("#tab-rewas-references");
        await page.SetInputFilesAsync(
            "rewas-references input[type=file]",
            (string[])[.. Enumerable.Range(1, 3).Select(i => Path.Combine(Recordings, $"metal-{i}.ogg"))]);
        await studio.UntilAsync("studio.project.document.options.reference?.length === 3");
        await page.WaitForSelectorAsync("rewas-references .list .name >> text=metal-2.ogg");
        await PlaceAsync();
        var pieces = await PiecesAsync();
        Assert.True(pieces.Count >= 3, $"{pieces.Count} pieces");
        Assert.Equal(pieces.Count, await page.Locator(".piece-track rect").CountAsync());

        // Heard with the picture, in place of the sound. Both go round, so that neither ends before it is stopped.
        await page.EvaluateAsync(
            """
            () => {
                const Plain = Audio;
                window.Audio = function () { return Object.assign(new Plain(), { loop: true }); };
                document.querySelector('rewas-studio').studio.playback.setLoop({ from: 0, to: 5 });
            }
            """);
        await page.ClickAsync("rewas-references button[aria-label='With picture: metal-1.ogg']");
        await studio.UntilAsync("studio.playback.isPlaying && studio.audition.sources?.length === 0");
        await page.ClickAsync("rewas-references button[aria-label='Stop: metal-1.ogg']");
        await studio.UntilAsync("!studio.playback.isPlaying && studio.audition.sources === null");

        // Banned, a piece is another one; moved, it is elsewhere; the rest stays.
        await page.Locator("rewas-references .pieces button[aria-label^=Ban]").First.ClickAsync();
        await page.Locator("rewas-references .pieces .at").Nth(1).FillAsync("0.35");
        await page.Locator("rewas-references .pieces .at").Nth(1).PressAsync("Tab");
        await studio.UntilAsync("studio.project.document.options.pin?.length === 1 && studio.project.document.options.ban?.length === 2");
        var pinned = (await studio.AskAsync("studio.project.document.options.pin[0]")).GetString();
        await PlaceAsync();
        var after = await PiecesAsync();
        Assert.DoesNotContain(pieces[0], after);
        Assert.DoesNotContain(pieces[1], after);
        Assert.Contains(pinned, after);
        Assert.Equal(2, await page.Locator("rewas-references button[aria-label^='Allow again']").CountAsync());
        Assert.Empty(studio.Complaints);

        async Task PlaceAsync()
        {
            var before = (await studio.AskAsync("studio.project.document.renders.length")).GetInt32();
            await page.ClickAsync("rewas-references button.main");
            await studio.UntilAsync($"studio.project.document.renders.length > {before}");
            await studio.UntilAsync("studio.making.sound(studio.project.document.renders[0].sound)?.status === 'succeeded'");
            await page.WaitForSelectorAsync(".piece-track rect");
        }

        async Task<IReadOnlyList<string?>> PiecesAsync()
        {
            var ids = await studio.AskAsync(
                "(await (await fetch(`/v1/sounds/${studio.project.document.chosen.sound}/placement`)).json())"
                + ".pieces.map(piece => piece.id)");
            string[] told = [.. ids.EnumerateArray().Select(id => id.GetString()!)];
            await page.WaitForFunctionAsync(
                "ids => ids.join() === [...document.querySelectorAll('.piece-track rect')].map(rect => rect.dataset.piece).join()", told);
            return told;
        }
    }

    [Fact]
    public async Task A_recording_of_the_library_is_found_and_used_and_its_tags_are_text()
    {
        const string markup = "<img src=x onerror=window.xss=1>";
        using var served = await ServedStudio.StartWithAsync(folder =>
        {
            Directory.CreateDirectory(folder.File("recordings"));
            ClipFolder.Run(
                "-i", "file:" + Path.Combine(Recordings, "metal-1.ogg"), "-metadata", $"comment={markup}", "-metadata", $"title={markup}",
                "file:" + Path.Combine(folder.File("recordings"), "metal hit.flac"));
            return [$"--SoundLibrary:ReadableFolder={folder.File("recordings")}"];
        });
        await IndexAsync(served.Grpc);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        var page = studio.Page;
        await studio.SendFilmAsync(Programs.Sample);
        await page.ClickAsync("#tab-rewas-references");
        await page.FillAsync("rewas-references input[type=search]", "metal");
        await page.WaitForSelectorAsync(".found li");
        Assert.Contains(markup, await page.TextContentAsync(".found"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("img").CountAsync());
        await page.ClickAsync("rewas-references button[aria-label='Add: metal hit.flac']");
        await studio.UntilAsync("studio.project.document.options.reference?.[0].startsWith('library:')");
        await page.FillAsync("#prompt", "a hammer");
        await studio.MakeAsync();
        await page.WaitForSelectorAsync(".piece-track rect");
        Assert.Contains("metal hit.flac", await page.TextContentAsync(".pieces"), StringComparison.Ordinal);
        Assert.Equal("undefined", (await studio.AskAsync("typeof window.xss")).GetString());
        Assert.Empty(studio.Complaints);
    }

    static async Task IndexAsync(string address)
    {
        using var channel = GrpcChannel.ForAddress(address);
        using var indexing = new V1.SoundLibrary.SoundLibraryClient(channel).IndexSounds(new() { Folders = { "." } });
        await foreach (var happened in indexing.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            Assert.Null(happened.Refused);
    }
}
