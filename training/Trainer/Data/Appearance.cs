using torch = TorchSharp.torch;

namespace Rewas.Trainer.Data;

/// <summary>
/// Changes of a clip's look that leave its motion alone: mirroring, colours exchanged or turned to their negative, grey, contrast, a closer crop, clutter.
/// A network that sees them learns what moves and not what our renderings look like.
/// </summary>
static class Appearance
{
    const double NarrowestCrop = 0.6, DensestClutter = 0.5;

    /// <summary>A new look for one clip, the same for all its frames.</summary>
    /// <param name="frames">[..., 3, frames, H, W] in [-1, 1]: the segments of one clip, [S, 3, 16, H, W].</param>
    /// <param name="random">Decides the look.</param>
    public static torch.Tensor Vary(torch.Tensor frames, Random random)
    {
        if (random.NextDouble() < 0.5)
            frames = frames.flip(4);
        if (random.NextDouble() < 0.3)
            frames = Crop(frames, random);
        var colours = new long[] { 0, 1, 2 };
        random.Shuffle(colours);
        frames = frames.index_select(1, torch.tensor(colours));
        if (random.NextDouble() < 0.2)
            frames = frames.mean([1], keepdim: true).expand_as(frames);
        var gain = Math.Exp(random.NextDouble() * 1.2 - 0.9) * (random.NextDouble() < 0.3 ? -1 : 1);
        var offset = (random.NextDouble() - 0.5) * 0.4;
        frames = frames.mul(gain).add_(offset);
        if (random.NextDouble() < 0.5)
        {
            var share = random.NextDouble() * DensestClutter;
            frames = frames.mul_(1 - share).add_(Clutter(frames.shape[3], frames.shape[4], random).mul_(share));
        }
        return frames.clamp_(-1, 1);
    }

    /// <summary>A still picture of patches with hard edges at several sizes, as busy as filmed places are and rendered ones are not: [3, 1, H, W] in [-1, 1].</summary>
    static torch.Tensor Clutter(long height, long width, Random random)
    {
        using var generator = new torch.Generator((ulong)random.NextInt64(), torch.CPU);
        var picture = torch.zeros(3, 1, height, width);
        foreach (var cells in (long[])[3, 6, 12, 24])
        {
            var colours = torch.rand(3, 1, cells, cells, generator: generator) * 2 - 1;
            var places = torch.randn(1, 1, cells, cells, generator: generator);
            var covered = torch.nn.functional.interpolate(places, [height, width], mode: torch.InterpolationMode.Bilinear, align_corners: false).gt(0.3);
            picture = torch.where(covered, torch.nn.functional.interpolate(colours, [height, width], mode: torch.InterpolationMode.Nearest), picture);
        }
        return picture;
    }

    static torch.Tensor Crop(torch.Tensor frames, Random random)
    {
        var shape = frames.shape;
        var side = (long)(shape[3] * (NarrowestCrop + random.NextDouble() * (1 - NarrowestCrop)));
        var (top, left) = (random.NextInt64(shape[3] - side + 1), random.NextInt64(shape[4] - side + 1));
        var cropped = frames.narrow(3, top, side).narrow(4, left, side).reshape(-1, 1, side, side);
        return torch.nn.functional.interpolate(cropped, [shape[3], shape[4]], mode: torch.InterpolationMode.Bilinear, align_corners: false).reshape(shape);
    }
}
