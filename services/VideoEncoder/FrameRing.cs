namespace Rewas.VideoEncoder;

/// <summary>The newest decoded frames: RGB, 8 bit, [size, size, 3].</summary>
/// <param name="capacity">Number of frames kept.</param>
/// <param name="size">Side of the picture, pixels.</param>
public sealed class FrameRing(int capacity, int size)
{
    readonly byte[][] frames = new byte[capacity][];

    /// <summary>Number of frames received.</summary>
    public long Count { get; private set; }

    public void Add(ReadOnlySpan<byte> frame)
    {
        if (frame.Length != size * size * 3)
            throw new ArgumentException($"a frame has {size * size * 3} bytes, but {frame.Length} were given", nameof(frame));
        var slot = (int)(Count++ % capacity);
        frame.CopyTo(frames[slot] ??= new byte[frame.Length]);
    }

    /// <summary>A frame of the video.</summary>
    /// <param name="index">Must be one of the frames kept.</param>
    public ReadOnlySpan<byte> this[long index] => index >= 0 && index < Count && index >= Count - capacity
        ? frames[(int)(index % capacity)]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"frames {Math.Max(0, Count - capacity)} to {Count - 1} are kept");
}
