using Rewas.Conflict;
using Rewas.Networks;
using Rewas.Video;
using SkiaSharp;

namespace Rewas.Agent;

/// <param name="Seconds">Of the picture.</param>
/// <param name="Jpeg">Its bytes.</param>
public sealed record KeyFrame(double Seconds, byte[] Jpeg);

/// <summary>Pictures that show what happens: after each cut, where the energy peaks, and the beginning.</summary>
public static class KeyFrames
{
    const int Most = 4, Side = 224, Quality = 80;

    /// <summary>Times at least half a second apart, in order.</summary>
    public static IReadOnlyList<double> Times(SeenVideo seen)
    {
        var times = new List<double>();
        foreach (var time in (seen.Motion?.Cuts.Select(cut => cut + 0.1) ?? []).Concat(EnergyEvents.Find(seen.Energy.Values).OrderByDescending(e => e.Level).Select(e => e.Seconds)).Append(0))
        {
            if (times.Count < Most && time < seen.Energy.DurationSeconds && times.TrueForAll(other => Math.Abs(other - time) >= 0.5))
                times.Add(time);
        }
        times.Sort();
        return times;
    }

    public static async Task<IReadOnlyList<KeyFrame>> ReadAsync(SessionVideo video, SeenVideo seen, CancellationToken cancel)
    {
        var wanted = Times(seen).ToDictionary(time => (int)(time * ClipTiming.FrameRate));
        var frames = new List<KeyFrame>();
        var index = 0;
        await foreach (var frame in FrameReader.ReadAsync(video.Path, video.Facts, new ClipTiming { FrameSize = Side, ResizeShorterSide = Side }, cancel))
        {
            if (wanted.TryGetValue(index++, out var time))
                frames.Add(new(time, Encode(frame.Span)));
        }
        return frames;
    }

    /// <param name="rgb">[Side, Side, 3].</param>
    static byte[] Encode(ReadOnlySpan<byte> rgb)
    {
        var pixels = new byte[Side * Side * 4];
        Array.Fill(pixels, byte.MaxValue);                                   // opaque; the encoder takes no format without alpha
        for (var i = 0; i < Side * Side; i++)
            rgb.Slice(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
        using var image = SKImage.FromPixelCopy(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
