using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>
/// Finds where a picture moves, from the differences of small grey frames. Each block of a frame has a weight: how much more it changes
/// than other blocks do. So grain, a moving camera, a flash and a cut, which change all blocks, have no place.
/// </summary>
public sealed class MotionPlaces
{
    public const int Width = 64, Height = 36;

    const int BlockSize = 4, Across = Width / BlockSize, Blocks = Across * (Height / BlockSize);

    /// <summary>Mean difference of a block that counts as the noise of a camera or a codec, of 255.</summary>
    const float LeastDifference = 1.5f;

    /// <summary>A block moves by itself if it changes so many times as much as the median block.</summary>
    const float OverMedian = 2;

    /// <summary>If this share of the blocks moves, the picture as a whole does.</summary>
    const float MostMoving = 0.6f;

    readonly List<MotionPlace> places = [];
    readonly byte[] before = new byte[Width * Height];
    readonly float[] differences = new float[Blocks], sorted = new float[Blocks];

    /// <summary>One place for each frame, 25 per second: its motion since the frame before. The first frame has none.</summary>
    /// <param name="path">The file that the facts describe.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <exception cref="InputFault">The video cannot be decoded.</exception>
    public static async Task<IReadOnlyList<MotionPlace>> ReadAsync(string path, VideoFacts facts, CancellationToken cancellation)
    {
        var found = new MotionPlaces();
        using var place = await DecoderPlaces.EnterAsync(cancellation);
        await foreach (var frame in FrameReader.ReadGreyAsync(path, facts, Width, Height, cancellation))
            found.Add(frame.Span);
        return found.places;
    }

    /// <summary>The places of the frames so far.</summary>
    public IReadOnlyList<MotionPlace> All => places;

    /// <summary>Takes the next frame.</summary>
    /// <param name="grey">[36, 64] bytes.</param>
    public void Add(ReadOnlySpan<byte> grey)
    {
        places.Add(places.Count == 0 ? default : Place(grey));
        grey.CopyTo(before);
    }

    MotionPlace Place(ReadOnlySpan<byte> grey)
    {
        Array.Clear(differences);
        for (var pixel = 0; pixel < grey.Length; pixel++)
            differences[pixel / Width / BlockSize * Across + pixel % Width / BlockSize] +=
                Math.Abs(grey[pixel] - before[pixel]) / (float)(BlockSize * BlockSize);
        differences.CopyTo(sorted, 0);
        Array.Sort(sorted);
        if (sorted[(int)((1 - MostMoving) * Blocks)] > LeastDifference)
            return default;
        var least = Math.Max(LeastDifference, OverMedian * sorted[Blocks / 2]);
        var (strength, moment) = (0f, 0f);
        for (var block = 0; block < Blocks; block++)
        {
            var weight = Math.Max(0, differences[block] - least);
            strength += weight;
            moment += weight * (2 * (block % Across + 0.5f) / Across - 1);
        }
        return strength > 0 ? new(moment / strength, strength) : default;
    }
}
