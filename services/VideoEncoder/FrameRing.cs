namespace Rewas.VideoEncoder;

/// <summary>The newest decoded frames: RGB, 8 bit, [size, size, 3].</summary>
/// <param name="capacity">Frames kept.</param>
/// <param name="size">Side of the picture, pixels.</param>
public sealed class FrameRing(int capacity, int size)
{
    readonly byte[][] frames = new byte[capacity][];

    /// <summary>Frames that have come.</summary>
    public long Count { get; private set; }

    public void Add(ReadOnlySpan<byte> frame)
    {
        if (frame.Length != size * size * 3)
            throw new ArgumentException($"a frame has {size * size * 3} bytes, but {frame.Length} were given", nameof(frame));
        var slot = (int)(Count++ % capacity);
        frame.CopyTo(frames[slot] ??= new byte[frame.Length]);
    }

    /// <summary>Writes a frame as the video encoder reads it: (v / 255 - 0.5) / 0.5.</summary>
    /// <param name="index">Frame of the video; must be among the newest.</param>
    /// <param name="place">Its place in the segment, 0 to <paramref name="places"/> - 1.</param>
    /// <param name="places">Frames of a segment.</param>
    /// <param name="segment">[3, places, size, size].</param>
    public void WriteNormalised(long index, int place, int places, Span<float> segment)
    {
        if (index < 0 || index >= Count || index < Count - capacity)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"frames {Math.Max(0, Count - capacity)} to {Count - 1} are kept");
        var pixels = frames[(int)(index % capacity)];
        var area = size * size;
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = segment.Slice((channel * places + place) * area, area);
            for (var i = 0; i < area; i++)
                plane[i] = pixels[3 * i + channel] * (1 / 127.5f) - 1;
        }
    }
}
