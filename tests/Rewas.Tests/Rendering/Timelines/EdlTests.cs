using Rewas.Clip.Faults;
using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Tests.Rendering.Timelines;

public sealed class EdlTests
{
    [Theory]
    [InlineData(24_000, "01:00:00:00", "FCM: NON-DROP FRAME", "01:00:04:04")]
    [InlineData(30_000, "00:59:58;00", "FCM: DROP FRAME", "01:00:01;10")]
    public void What_is_written_is_read_back_frame_by_frame(int numerator, string start, string counting, string end)
    {
        var cut = Cuts.Of(new(numerator, 1001), start);
        var text = EdlWriter.Write(cut);
        Assert.Contains(counting, text, StringComparison.Ordinal);
        Assert.Contains($"001  REEL1    V     C        {start} {end} {start} {end}\n", text, StringComparison.Ordinal);
        Assert.Contains("* FROM CLIP NAME: reel 1.mov\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("step.wav", text, StringComparison.Ordinal);   // it is not heard

        var (title, events) = EdlReader.Parse(text);
        var read = EdlReader.ToTimeline(title, events, cut.Rate);
        Assert.Equal((cut.Name, cut.Start), (read.Name, read.Start));
        var wrote = cut.Tracks.Where(track => track.IsEnabled).ToList();
        Assert.Equal(wrote.Select(track => (track.Kind, track.Clips.Count)), read.Tracks.Select(track => (track.Kind, track.Clips.Count)));
        foreach (var (one, got) in wrote.SelectMany(track => track.Clips).Zip(read.Tracks.SelectMany(track => track.Clips)))
        {
            Assert.Equal((one.Name, one.Media, one.Comment), (got.Name, got.Media, got.Comment));
            Assert.Equal(
                (one.Source.Start.In(cut.Rate), one.At.In(cut.Rate), one.OnTrack.End.In(cut.Rate)),
                (got.Source.Start, got.At, got.OnTrack.End));
        }
        Assert.Equal(
            wrote[0].Clips.SelectMany(clip => clip.Markers), read.Tracks[0].Clips.SelectMany(clip => clip.Markers));
        Assert.Equal(text, EdlWriter.Write(read with { Markers = cut.Markers, Tracks = [.. read.Tracks.Select(WithoutCut)] }));

        // The marker of the whole list follows the last event, so it is read as one of that event.
        static TimelineTrack WithoutCut(TimelineTrack track) => track with
        {
            Clips = [.. track.Clips.Select(clip => clip with { Markers = [.. clip.Markers.Where(marker => marker.Name != "cut")] })],
        };
    }

    [Fact]
    public void Lists_of_other_programs_are_read()
    {
        const string Text = """
            TITLE: Scene 12
            FCM: NON-DROP FRAME

            001  AX       B     C        00:00:02:00 00:00:04:00 10:00:00:00 10:00:02:00
            * FROM CLIP NAME:  door.mov
            * NOTE: a wooden door closes
            002  AX       AA/V  D    012 00:00:00:00 00:00:01:00 10:00:02:00 10:00:03:00
            * FROM CLIP NAME: rain
            * LOC: 10:00:02:12 CYAN    drops
            003  BL       A2    C        00:00:00:00 00:00:01:00 10:00:03:00 10:00:04:00
            """;
        var (title, events) = EdlReader.Parse(Text.ReplaceLineEndings("\r\n"));
        var read = EdlReader.ToTimeline(title, events, new(25, 1));
        Assert.Equal(("Scene 12", "10:00:00:00"), (read.Name, read.Start.ToString()));
        Assert.Equal([("V", 2), ("A1", 2), ("A2", 2)], read.Tracks.Select(track => (track.Name, track.Clips.Count)));
        Assert.Equal(("door.mov", "a wooden door closes"), (read.Tracks[0].Clips[0].Media, read.Tracks[0].Clips[0].Comment));
        Assert.Equal(new TimelineMarker("drops", new(new(12, new(25, 1)), new(0, new(25, 1))), "CYAN"), read.Tracks[0].Clips[1].Markers[0]);
    }

    [Theory]
    [InlineData("", "holds no event")]
    [InlineData("001 AX V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:00:00", "line 1 must end after 01:00:01:00, but ends at 01:00:00:00")]
    [InlineData(
        "001 AX V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:00:25", "line 1: '01:00:00:25' is no timecode at 25/1 frames a second")]
    [InlineData("001 AX V C 00:00:00;00 00:00:01;00 01:00:00;00 01:00:01;00", "drops frames, which 25/1 frames a second do not")]
    public void What_is_no_list_is_refused_in_one_line(string text, string message)
    {
        var fault = Assert.Throws<InputFault>(() =>
        {
            var (title, events) = EdlReader.Parse(text);
            EdlReader.ToTimeline(title, events, new FrameRate(25, 1));
        });
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
