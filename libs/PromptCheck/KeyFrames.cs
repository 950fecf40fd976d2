using Rewas.Clip;
using Rewas.Video;

namespace Rewas.PromptCheck;

/// <param name="Rgb">[<see cref="KeyFrames.Side"/>, <see cref="KeyFrames.Side"/>, 3], row-major.</param>
public sealed record KeyFrame(double Seconds, byte[] Rgb);

/// <summary>
/// Selects and reads pictures that show what happens: after each cut, at the energy peaks, and at the beginning. The shorter side is scaled
/// to <see cref="Side"/> by ffmpeg's bicubic filter and the centre is cropped, as CLIP and similar models expect.
/// </summary>
public static class KeyFrames
{
    /// <summary>Width and height, pixels.</summary>
    public const int Side = 224;

    const int Most = 4;

    /// <summary>Times at least half a second apart, ascending.</summary>
    public static IReadOnlyList<double> Times(SeenVideo seen)
    {
        var times = new List<double>();
        var afterCuts = seen.Motion?.Cuts.Select(cut => cut + 0.1) ?? [];
        var peaks = EnergyEvents.Find(seen.Energy.Values).OrderByDescending(e => e.Level).Select(e => e.Seconds);
        foreach (var time in afterCuts.Concat(peaks).Append(0))
        {
            if (times.Count < Most && time < seen.Energy.DurationSeconds && times.TrueForAll(other => Math.Abs(other - time) >= 0.5))
                times.Add(time);
        }
        times.Sort();
        return times;
    }

    /// <exception cref="Rewas.Clip.Faults.InputFault">The video cannot be decoded.</exception>
    public static async Task<IReadOnlyList<KeyFrame>> ReadAsync(
        string path, VideoFacts facts, SeenVideo seen, CancellationToken cancellation)
    {
        var wanted = Times(seen).ToDictionary(time => (int)(time * ClipTiming.FrameRate));
        var frames = new List<KeyFrame>();
        var index = 0;
        var small = new ClipTiming { FrameSize = Side, ResizeShorterSide = Side };
        using var place = await DecoderPlaces.EnterAsync(cancellation);
        await foreach (var frame in FrameReader.ReadAsync(path, facts, small, cancellation))
        {
            if (wanted.Remove(index++, out var time))
                frames.Add(new(time, frame.ToArray()));
            if (wanted.Count == 0)
                break;
        }
        return frames;
    }
}
