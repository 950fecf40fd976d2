using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// Measures how much moves in a picture by statistics over its blocks: motion, change of motion, and motion relative to the detail in the
/// block. Each statistic is the logarithm of five power means over the blocks, from the quiet blocks to the strongest. The statistics do
/// not depend on where a block is or what it shows, so they are comparable between renderings and film. Nothing here is trained.
/// </summary>
/// <param name="frameSize">Side of the square picture, pixels; a multiple of <see cref="BlockSize"/>.</param>
/// <param name="segmentFrames">Frames of a segment, even.</param>
public sealed class BlockMotion(int frameSize, int segmentFrames)
{
    /// <summary>Side of a block, pixels.</summary>
    public const int BlockSize = 8;

    /// <summary>Statistics per token: means of motion, of its change, and of motion relative to detail.</summary>
    public const int Statistics = 3 * Means;

    /// <summary>Geometric mean, powers 1, 2 and 4, maximum.</summary>
    internal const int Means = 5;

    /// <summary>Half a step of an 8-bit picture whose light is in [-1, 1]. Smaller motion is ignored.</summary>
    const float LeastMotion = 0.004f;

    /// <summary>Avoids a division by zero in flat blocks.</summary>
    const float LeastDetail = 0.02f;

    readonly int times = segmentFrames / ClipTiming.FramesPerToken;
    readonly AveragePool blocks = new(BlockSize, BlockSize);

    public Tensor Forward(Tensor frames)                                     // [S, 3, F, H, W] -> [S, t, 15]
    {
        var light = frames.Mean(1).Reshape(-1, segmentFrames, frameSize, frameSize);
        var change = Smoothed(light.Slice(1, 1) - light.Slice(1, 0, segmentFrames - 1));      // [S, F - 1, H, W]
        var (within, between) = (change.Slice(1, 0, null, 2), change.Slice(1, 1, null, 2));   // t and t - 1 of them
        var before = within.Slice(1, 0, 1).Concat(1, between);               // the change before a segment is unknown: repeat the first
        var after = between.Concat(1, within.Slice(1, times - 1));
        var motion = OfBlocks(Absolute(within));                             // [S, t, n]
        var turn = OfBlocks((Absolute(within - before) + Absolute(after - within)) * EndsTwice(light));
        return ((PowerMeans(OfBlocks(Absolute(before))) + PowerMeans(motion)) * 0.5f)
            .Concat(2, PowerMeans(turn), PowerMeans(motion / (OfBlocks(Detail(light.Slice(1, 0, null, 2))) + LeastDetail)));
    }

    /// <summary>Each time has two changes of motion, but the first and last time of a segment have one.</summary>
    Tensor EndsTwice(Tensor like) =>
        like.Constant([.. Enumerable.Range(0, times).Select(time => time == 0 || time == times - 1 ? 1 : 0.5f)], 1, times, 1, 1);

    /// <summary>Differences between each pixel and its right and lower neighbour: [S, t, H, W].</summary>
    Tensor Detail(Tensor light)
    {
        var across = (light.Slice(3, 1) - light.Slice(3, 0, frameSize - 1)).Pad(0, 1, 0, 0);
        var down = (light.Slice(2, 1) - light.Slice(2, 0, frameSize - 1)).Pad(0, 0, 0, 1);
        return Absolute(Smoothed(across)) + Absolute(Smoothed(down));
    }

    /// <summary>Means of the blocks, flattened: [S, t, H, W] to [S, t, n].</summary>
    Tensor OfBlocks(Tensor picture) => blocks.Forward(picture).Reshape(-1, times, (long)(frameSize / BlockSize) * (frameSize / BlockSize));

    static Tensor PowerMeans(Tensor x)                                       // [S, t, n] -> [S, t, 5]
    {
        var square = x * x;
        var root = square.Mean(2).Sqrt();
        var fourth = (square * square).Mean(2).Sqrt().Sqrt();
        return (x + LeastMotion).Log().Mean(2).Concat(2, (x.Mean(2).Concat(2, root, fourth, x.Max(2)) + LeastMotion).Log());
    }

    static Tensor Absolute(Tensor x) => x.LeakyRelu(-1);

    /// <summary>Reduces sensor noise: a 1 2 1 filter in both directions, frame by frame.</summary>
    static Tensor Smoothed(Tensor pictures)                                  // [S, C, H, W] unchanged
    {
        float[] kernel = [1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f];
        var channels = (int)pictures.Shape[1];
        return pictures.Conv2d(
            pictures.Constant([.. Enumerable.Range(0, channels).SelectMany(_ => kernel)],
            channels, 1, 3, 3), null, padding: 1, groups: channels);
    }
}
