using Google.Protobuf.WellKnownTypes;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Video;

/// <summary>Converts video facts to wire messages. Also used by programs that probe the file themselves.</summary>
public static class VideoFactsMessages
{
    public static VideoInfo ToVideoInfo(this VideoFacts facts)
    {
        var samples = ClipTiming.SamplesIn(facts.Duration);
        return new()
        {
            Duration = Duration.FromTimeSpan(facts.Duration),
            FrameRate = facts.FrameRate,
            Width = facts.Width,
            Height = facts.Height,
            Codec = facts.Codec,
            Rotation = facts.Rotation,
            HasAudio = facts.HasAudio,
            AudioSamples = samples,
            Windows = ClipTiming.WindowsFor(samples),
        };
    }
}
