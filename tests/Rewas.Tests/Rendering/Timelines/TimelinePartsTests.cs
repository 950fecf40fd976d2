using Rewas.Clip.Faults;
using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Tests.Rendering.Timelines;

public sealed class TimelinePartsTests
{
    static readonly FrameRate Rate = new(25, 1);

    [Fact]
    public void Each_clip_gives_its_note_its_comment_its_marker_or_its_name()
    {
        var parts = TimelineParts.Of(Cut(
            Shot("a.mov", 0) with { Notes = new() { ["prompt"] = "rain" }, Comment = "wind" },
            Shot("b.mov", 50) with { Comment = "wind", Markers = [Marker("thunder", 10, 0)] },
            Shot("c.mov", 100) with { Markers = [Marker("thunder", 10, 1)] },
            Shot("heavy_rain-03.mov", 150)));
        Assert.Equal(["rain", "wind", "thunder", "heavy rain"], parts.Select(part => part.Prompt));
        Assert.Equal([0L, 50, 100, 150], parts.Select(part => part.At.Value));
    }

    [Fact]
    public void Marked_ranges_stand_for_the_clips()
    {
        var cut = Cut(Shot("a.mov", 0) with { Markers = [Marker("a door closes", 1010, 20), Marker("trimmed off", 1060, 9)] }, Shot("b.mov", 50)) with
        {
            Markers = [Marker("steps", 60, 30), Marker("a moment", 3, 0)],
        };
        var parts = TimelineParts.Of(cut);
        Assert.Equal(
            [("a door closes", 1010L, 20L, 10L), ("steps", 1010, 30, 60)],
            parts.Select(part => (part.Prompt, part.Source.Start.Value, part.Source.Duration.Value, part.At.Value)));
    }

    [Fact]
    public void What_cannot_be_made_is_refused_by_name()
    {
        Refused(Cut(), "has no track of pictures with a clip");
        Refused(Cut(Shot("0001.mov", 0)), "the clip '0001.mov' needs words");
        Refused(Cut(Shot("a.mov", 0) with { Media = null }), "the clip 'a.mov' names no file");
        Refused(Cut(Shot("a.mov", 0) with { Speed = 2 }), "the clip 'a.mov' plays at 2 times its speed");
        Refused(
            Cut(Shot("a.mov", 0) with { Markers = [Marker("steps", 1040, 20)] }),
            "the marked range 'steps' must lie within the clip 'a.mov'");
        Refused(Cut(Shot("a.mov", 0)) with { Markers = [Marker("steps", 70, 20)] }, "the marked range 'steps' begins where no clip is");

        static void Refused(Timeline cut, string message) =>
            Assert.Contains(message, Assert.Throws<InputFault>(() => TimelineParts.Of(cut)).Message, StringComparison.Ordinal);
    }

    static TimelineMarker Marker(string name, long start, long frames) => new(name, new(new(start, Rate), new(frames, Rate)));

    /// <summary>50 frames, which begin at frame 1000 of their file.</summary>
    static TimelineClip Shot(string name, long at) => new()
    {
        Name = name,
        Media = name,
        Source = new(new(1000, Rate), new(50, Rate)),
        At = new(at, Rate),
    };

    static Timeline Cut(params TimelineClip[] clips) =>
        new("cut", new(0, Rate)) { Tracks = [new("V1", TimelineKind.Video, clips)] };
}
