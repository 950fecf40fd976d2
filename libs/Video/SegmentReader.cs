using System.Runtime.CompilerServices;
using Rewas.Networks;

namespace Rewas.Video;

/// <summary>What the video encoder sees at once.</summary>
/// <param name="Window">From 0.</param>
/// <param name="Index">Inside the window, from 0.</param>
/// <param name="X">[3, 16, H, W] f32, (v / 255 - 0.5) / 0.5. A buffer of its own: it belongs to the receiver.</param>
public readonly record struct Segment(int Window, int Index, float[] X);

/// <summary>Cuts decoded frames into segments, each as soon as its last frame is there. Holds 16 frames, however long the video is.</summary>
public static class SegmentReader
{
    /// <summary>
    /// All segments of all windows that cover the video, in order of (window, segment). Past the end of the video its last frame stands
    /// still, so that what is added there is not moving.
    /// </summary>
    /// <param name="frames">As <see cref="FrameReader"/> gives them; at least one.</param>
    /// <param name="facts">Decides the number of windows.</param>
    /// <param name="timing">Where segments lie. They must not start earlier than the one before.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<Segment> ReadAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> frames, VideoFacts facts, ClipTiming timing, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var windows = ClipTiming.WindowsFor(ClipTiming.SamplesIn(facts.Duration));
        var recent = new byte[ClipTiming.SegmentFrames][];                   // frame n lies at n modulo 16
        long read = 0;
        await using var source = frames.GetAsyncEnumerator(cancellationToken);
        for (var window = 0; window < windows; window++)
            for (var index = 0; index < timing.SegmentsPerWindow; index++)
            {
                var start = timing.SegmentStart(window, index);
                for (; read < start + ClipTiming.SegmentFrames; read++)
                    if (await source.MoveNextAsync())
                        Keep(source.Current);
                    else
                        Keep(LastFrame());
                yield return new(window, index, Normalised(recent, start));
            }
        while (await source.MoveNextAsync())                                 // to its end, where truncation is found
        {
        }

        void Keep(ReadOnlyMemory<byte> frame) => frame.CopyTo(recent[read % ClipTiming.SegmentFrames] ??= new byte[frame.Length]);

        byte[] LastFrame() => read > 0 ? recent[(read - 1) % ClipTiming.SegmentFrames] : throw new InvalidOperationException("there are no frames");
    }

    static float[] Normalised(byte[][] recent, long start)
    {
        var x = new float[ClipTiming.SegmentFrames * recent[0].Length];
        for (var i = 0; i < ClipTiming.SegmentFrames; i++)
            FrameNormalisation.Write(recent[(start + i) % ClipTiming.SegmentFrames], x, i, ClipTiming.SegmentFrames);
        return x;
    }
}
