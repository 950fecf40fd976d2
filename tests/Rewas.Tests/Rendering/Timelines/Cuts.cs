using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Tests.Rendering.Timelines;

/// <summary>Cuts for tests.</summary>
static class Cuts
{
    public static readonly FrameRate Film = new(24_000, 1001), Television = new(30_000, 1001), Samples = new(48_000, 1);

    /// <summary>Two clips of a film with a gap between them, a stem, and two pieces that overlap.</summary>
    public static Timeline Of(FrameRate rate, string start)
    {
        var timecode = Timecode.Parse(start, rate)!.Value;
        TimelineRange whole = new(new(timecode.Frame, rate), new(240, rate));
        TimelineClip Shot(long source, long frames, long at) => new()
        {
            Name = "reel 1.mov",
            Media = "/films/reel 1.mov",
            Available = whole,
            Source = new(new(timecode.Frame + source, rate), new(frames, rate)),
            At = new(at, rate),
            Comment = "heavy \"rain\", on a roof",
            Markers = [new("hit", new(new(timecode.Frame + source + 3, rate), new(0, rate)), "GREEN")],
        };
        TimelineClip Piece(long at, long length, double speed) => new()
        {
            Name = "step.wav",
            Media = "/sounds/step.wav",
            Available = new(new(0, Samples), new(96_000, Samples)),
            Source = new(new(1234, Samples), new(length, Samples)),
            At = new(at, Samples),
            GainDecibels = -6.5,
            FadeInSeconds = 0.005,
            FadeOutSeconds = 0.25,
            Speed = speed,
            Notes = new() { ["id"] = "abc", ["handleBefore"] = 1234 },
        };
        return new("scene 1", timecode)
        {
            Tracks =
            [
                new("film", TimelineKind.Video, [Shot(0, 100, 0), Shot(120, 120, 110)]),
                new("primary", TimelineKind.Audio, [new()
                {
                    Name = "out.primary.wav",
                    Media = "/out/out.primary.wav",
                    Available = new(new(timecode.SampleAt(48_000), Samples), new(480_480, Samples)),
                    Source = new(new(timecode.SampleAt(48_000), Samples), new(480_480, Samples)),
                    At = new(0, Samples),
                }]),
                .. TimelineLanes.Of("pieces", TimelineKind.Audio, [Piece(0, 20_001, 1), Piece(20_000, 7_000, 1.5), Piece(30_000, 9, 1)])
                    .Select(track => track with { IsEnabled = false }),
            ],
            Markers = [new("cut", new(new(110, rate), new(0, rate)))],
            Notes = new() { ["prompt"] = "rain" },
        };
    }
}
